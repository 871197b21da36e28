// Made from docs/openapi.json by scripts/generate.mjs. Do not edit.

export interface paths {
    "/api/actions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["list_actions"];
        put?: never;
        post: operations["create_action"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/actions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["show_action"];
        /** @description As PATCH: the seed's clients edit with PUT. */
        put: operations["put_action"];
        post?: never;
        delete: operations["delete_action"];
        options?: never;
        head?: never;
        patch: operations["edit_action"];
        trace?: never;
    };
    "/api/agent": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["show_agent"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** @description Switches the phase. What the agent has made stays. */
        patch: operations["set_agent"];
        trace?: never;
    };
    "/api/agent/feedback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["list_feedback"];
        put?: never;
        /** @description Says what one thinks of something that the agent decided. A later opinion takes an earlier one's place. */
        post: operations["rate_agent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/alarms": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["list_alarms"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/alarms/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["show_alarm"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/alarms/{id}/acknowledge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Says that somebody has seen the alarm. The first one stays named. */
        post: operations["acknowledge_alarm"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description One answer looks at 20,000 entries at most: with a filter it can be short, or empty, and still have a `next_cursor`. Only an answer without one is the last. */
        get: operations["list_audit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["login"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["logout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["show_me"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["change_password"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/ticket": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["issue_ticket"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/automation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["show_automation"];
        put: operations["set_automation"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/automation/revert": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Takes the levels of an earlier setting; that makes a new one. */
        post: operations["revert_automation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/connections": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** `GET /api/connections`. */
        get: operations["list_connections"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/connections/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** `DELETE /api/connections/{id}`. */
        delete: operations["end_connection"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/devices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["list_devices"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/devices/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["show_device"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/doctors": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["list_doctors"];
        put?: never;
        post: operations["create_doctor"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/doctors/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["show_doctor"];
        /** @description As PATCH: the seed's clients edit with PUT. */
        put: operations["put_doctor"];
        post?: never;
        /** @description Takes a doctor out of the catalogue. Refused while a room is in use by the doctor, or an account is the doctor or works for it. */
        delete: operations["retire_doctor"];
        options?: never;
        head?: never;
        patch: operations["edit_doctor"];
        trace?: never;
    };
    "/api/endpoints": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["list_endpoints"];
        put?: never;
        post: operations["create_endpoint"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/endpoints/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["show_endpoint"];
        put?: never;
        post?: never;
        delete: operations["delete_endpoint"];
        options?: never;
        head?: never;
        patch: operations["edit_endpoint"];
        trace?: never;
    };
    "/api/endpoints/{id}/attempts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["list_delivery_attempts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/endpoints/{id}/dead-letters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["list_dead_letters"];
        put?: never;
        post?: never;
        delete: operations["dismiss_dead_letters"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/endpoints/{id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["replay_to_endpoint"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/endpoints/{id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["resume_endpoint"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/endpoints/{id}/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["rotate_endpoint_secret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/endpoints/{id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["test_endpoint"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/equipment": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["list_equipment"];
        put?: never;
        post: operations["create_equipment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/equipment/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["show_equipment"];
        /** @description As PATCH: the seed's clients edit with PUT. */
        put: operations["put_equipment"];
        post?: never;
        /** @description Takes a piece of equipment out of the catalogue. Refused while it is in use. */
        delete: operations["retire_equipment"];
        options?: never;
        head?: never;
        patch: operations["edit_equipment"];
        trace?: never;
    };
    "/api/equipment/{id}/maintenance": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["log_maintenance"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/equipment/{id}/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put: operations["set_equipment_status"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** `GET /api/events?channels=…`. */
        get: operations["stream_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/facility/doctors": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["facility_list_doctors"];
        put?: never;
        post: operations["facility_create_doctor"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/facility/doctors/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["facility_show_doctor"];
        /** @description As PATCH: the seed's clients edit with PUT. */
        put: operations["facility_put_doctor"];
        post?: never;
        /** @description Takes a doctor out of the catalogue. Refused while a room is in use by the doctor, or an account is the doctor or works for it. */
        delete: operations["facility_retire_doctor"];
        options?: never;
        head?: never;
        patch: operations["facility_edit_doctor"];
        trace?: never;
    };
    "/api/facility/equipment": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["facility_list_equipment"];
        put?: never;
        post: operations["facility_create_equipment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/facility/equipment/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["facility_show_equipment"];
        /** @description As PATCH: the seed's clients edit with PUT. */
        put: operations["facility_put_equipment"];
        post?: never;
        /** @description Takes a piece of equipment out of the catalogue. Refused while it is in use. */
        delete: operations["facility_retire_equipment"];
        options?: never;
        head?: never;
        patch: operations["facility_edit_equipment"];
        trace?: never;
    };
    "/api/facility/equipment/{id}/maintenance": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["facility_log_maintenance"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/facility/equipment/{id}/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put: operations["facility_set_equipment_status"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/facility/rooms": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["facility_list_rooms"];
        put?: never;
        post: operations["facility_create_room"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/facility/rooms/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["facility_show_room"];
        /** @description As PATCH: the seed's clients edit with PUT. */
        put: operations["facility_put_room"];
        post?: never;
        /** @description Takes a room out of the catalogue. Refused while a camera watches it, somebody is in it, or equipment stands in it. */
        delete: operations["facility_retire_room"];
        options?: never;
        head?: never;
        patch: operations["facility_edit_room"];
        trace?: never;
    };
    "/api/facility/rooms/{id}/forget-source": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Forgets what a source said last, such as a vision system that was taken away. */
        post: operations["facility_forget_source"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/facility/rooms/{id}/sensing": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put: operations["facility_pause_sensing"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/facility/rooms/{id}/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put: operations["facility_set_room_status"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/facility/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Counts of everything. Urgencies are counted among open action items alone. */
        get: operations["show_facility_status"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/facility/utilization": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["facility_show_utilization"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["show_health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/journal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Events as the journal holds them, one JSON object a line, oldest first. The header `caresync-cursor` is the `since` of the next page; a page without lines is the end. */
        get: operations["export_journal"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["list_keys"];
        put?: never;
        post: operations["create_key"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/keys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete: operations["revoke_key"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/keys/{id}/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["rotate_key"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/metrics/daily": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["show_day"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/metrics/trends": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["show_trends"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/people": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The names behind the ids of staff, for everybody with an account. No addresses. */
        get: operations["list_people"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/poll": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** `GET /api/poll?channels=…&cursor=…`. */
        get: operations["poll_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/readings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["list_readings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/readings/{series}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description What the readings of a series came to, by steps of time. Minutes are kept; a step below a minute shows the last value of each second. Confidence that a camera of the gateway reports may be a minute late. */
        get: operations["show_readings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/rooms": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["list_rooms"];
        put?: never;
        post: operations["create_room"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/rooms/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["show_room"];
        /** @description As PATCH: the seed's clients edit with PUT. */
        put: operations["put_room"];
        post?: never;
        /** @description Takes a room out of the catalogue. Refused while a camera watches it, somebody is in it, or equipment stands in it. */
        delete: operations["retire_room"];
        options?: never;
        head?: never;
        patch: operations["edit_room"];
        trace?: never;
    };
    "/api/rooms/{id}/forget-source": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Forgets what a source said last, such as a vision system that was taken away. */
        post: operations["forget_source"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/rooms/{id}/sensing": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put: operations["pause_sensing"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/rooms/{id}/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put: operations["set_room_status"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tasks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["list_tasks"];
        put?: never;
        post: operations["create_task"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tasks/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Every closed task, the one written last first. With filters, a page may be short, or empty, and not be the last: `next_cursor` says. */
        get: operations["list_closed_tasks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tasks/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["show_task"];
        /** @description As PATCH: the seed's clients edit with PUT. */
        put: operations["put_task"];
        post?: never;
        delete: operations["delete_task"];
        options?: never;
        head?: never;
        patch: operations["edit_task"];
        trace?: never;
    };
    "/api/tasks/{id}/answer": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description The agent answers what it is offered, where it does not answer the offer itself. */
        post: operations["answer_task"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tasks/{id}/approve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Approves a proposed task. The reason becomes a remark. */
        post: operations["approve_task"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tasks/{id}/notes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["add_task_note"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tasks/{id}/reject": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Rejects a proposed task. The reason becomes a remark. */
        post: operations["reject_task"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The own tokens; for admins all that are live. */
        get: operations["list_tokens"];
        put?: never;
        post: operations["create_token"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tokens/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete: operations["revoke_token"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["list_users"];
        put?: never;
        post: operations["create_user"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["show_user"];
        put?: never;
        post?: never;
        /** @description A leaver, in one step. The account stays, closed: what it did goes on naming it. */
        delete: operations["disable_user"];
        options?: never;
        head?: never;
        patch: operations["edit_user"];
        trace?: never;
    };
    "/api/users/{id}/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["set_user_password"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/utilization": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["show_utilization"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/webhooks/claw/action": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["take_claw_action"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/webhooks/claw/task": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["take_claw_task"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/webhooks/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description For senders, which prove nothing here and learn nothing else. */
        get: operations["show_webhooks_health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/webhooks/opencv/event": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["take_opencv_event"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/ws/frames.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** `GET /api/ws/frames.json`. For everybody: it says nothing about anybody. */
        get: operations["show_frames"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/ws/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** `GET /api/ws/stats`. */
        get: operations["show_hub_stats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description An action item. */
        Action: {
            assigned_to: components["schemas"]["Id"] | null;
            completed_at: components["schemas"]["Time"] | null;
            completed_by: string | null;
            context?: components["schemas"]["Json"];
            created_at: components["schemas"]["Time"];
            created_by: string;
            description?: string;
            doctor_id: components["schemas"]["Id"] | null;
            equipment_id: components["schemas"]["Id"] | null;
            id: components["schemas"]["Id"];
            reasoning?: string | null;
            /** Format: int64 */
            revision: number;
            room_id: components["schemas"]["Id"] | null;
            status: components["schemas"]["ActionStatus"];
            suggested_actions?: string[];
            /**
             * Format: int64
             * @description Seconds from writing to completion, or until now.
             */
            time_waiting?: number | null;
            title?: string;
            type: components["schemas"]["ActionKind"];
            urgency: components["schemas"]["Urgency"];
        };
        ActionAnswer: {
            action: components["schemas"]["Action"];
        };
        /** @description What changes of an action item; what is absent stays, `null` empties. */
        ActionEditBody: {
            assigned_to?: components["schemas"]["Id"] | null;
            context?: components["schemas"]["Json"] | null;
            description?: string | null;
            doctor_id?: components["schemas"]["Id"] | null;
            equipment_id?: components["schemas"]["Id"] | null;
            reasoning?: string | null;
            room_id?: components["schemas"]["Id"] | null;
            status?: components["schemas"]["ActionStatus"] | null;
            suggested_actions?: string[] | null;
            title?: string | null;
            urgency?: components["schemas"]["Urgency"] | null;
        };
        /**
         * @description Why it waits.
         * @enum {string}
         */
        ActionKind: "policy_conflict" | "equipment_issue" | "agent_request" | "escalation" | "manual" | "room_issue";
        /**
         * @description How far it is.
         * @enum {string}
         */
        ActionStatus: "pending" | "in_progress" | "completed";
        /** @description What became of the agent's action. */
        ActionTaken: {
            actionId?: string | null;
            createdAt?: components["schemas"]["Time"] | null;
            /** @description Why nothing was made. */
            message?: string;
            success: boolean;
        };
        ActionsAnswer: {
            actions: components["schemas"]["Action"][];
            /** @description Asks for the next page; absent on the last. */
            next_cursor?: string;
        };
        /** @description How far the agent may act. */
        Agent: {
            /** @description The types of task that it may take upon itself; `*` for all. */
            allowed_kinds: string[];
            /**
             * Format: int64
             * @description Seconds that it has to answer what it is offered; `null` where nobody calls it.
             */
            answers_within_s?: number | null;
            /**
             * Format: int64
             * @description Seconds after which a proposal that nobody decided on is cancelled.
             */
            expires_after_s: number;
            /** Format: int32 */
            made_this_hour: number;
            open: number;
            /**
             * Format: int32
             * @description Tasks and action items of its own that may be open at a time, and are.
             */
            open_max: number;
            /**
             * Format: int32
             * @description Tasks and action items that it may write an hour, and has written within this one.
             */
            per_hour_max: number;
            phase: components["schemas"]["AgentPhase"];
            /**
             * Format: int64
             * @description Counts the settings; 0 before the first one.
             */
            revision: number;
            set_at?: components["schemas"]["Time"] | null;
            set_by?: string | null;
        };
        /** @description What changes. */
        AgentEditBody: {
            phase: components["schemas"]["AgentPhase"];
        };
        /**
         * @description The agent's phase (`claw.agent.phase` at first, then what admins set).
         * @enum {string}
         */
        AgentPhase: "observation" | "assisted" | "autonomous";
        /** @description How far the agent may act. */
        AgentShown: {
            agent: components["schemas"]["Agent"];
        };
        /** @description A technical alarm. */
        Alarm: {
            acknowledged_by: string | null;
            cause: string;
            children: string[];
            cleared_at: components["schemas"]["Time"] | null;
            id: components["schemas"]["Id"];
            raised_at: components["schemas"]["Time"];
            remedy?: string;
            subject: string;
            text?: string;
        };
        AlarmAnswer: {
            alarm: components["schemas"]["Alarm"];
        };
        AlarmsAnswer: {
            alarms: components["schemas"]["Alarm"][];
            /** @description Asks for the next page; absent on the last. */
            next_cursor?: string;
        };
        /** @description What the agent says to a task that it was offered. */
        AnswerBody: {
            /** @description True: it does it. False: it hands it to staff. */
            accepted: boolean;
            /** @description Why; whoever hands back says it. */
            reasoning?: string | null;
        };
        /** @description An approval. */
        ApprovalBody: {
            reason?: string | null;
        };
        /** @enum {string} */
        AssigneeWord: "staff" | "agent";
        /** @description One try, for whoever looks after the endpoint. No body, and nothing that the other side wrote. */
        Attempt: {
            /**
             * Format: date-time
             * @description When it began.
             */
            at: string;
            /** Format: int64 */
            duration_ms: number;
            /** @description Why nothing was. */
            error?: string | null;
            /** @description `delivered`, `failed`, `refused` or `gone`. */
            outcome: string;
            /**
             * Format: int32
             * @description What was answered.
             */
            status?: number | null;
            /** @description The type of the event. */
            type: string;
            /** @description What the endpoint knows the message by. */
            webhook_id: string;
        };
        /** @description What a test came to. */
        AttemptAnswer: {
            attempt: components["schemas"]["Attempt"];
        };
        /** @description The last tries of an endpoint since the gateway started, the newest first. */
        AttemptsAnswer: {
            attempts: components["schemas"]["Attempt"][];
        };
        /** @description A page of the audit trail. */
        AuditAnswer: {
            /** @description The entries, the newest first. */
            audit: components["schemas"]["AuditEntry"][];
            next_cursor?: string | null;
            /** @description The places of entries among them that cannot be read: `caresync-gateway doctor` says more. */
            unreadable: number[];
        };
        /** @description An entry of the audit trail. Ids only. */
        AuditEntry: {
            /** @description Who; `null` when nobody proved who they are. */
            actor?: string | null;
            at: components["schemas"]["Time"];
            /**
             * Format: int64
             * @description The first event of the stretch that was sent, for what somebody was sent about patients.
             */
            from_seq?: number | null;
            /**
             * Format: int64
             * @description Its place, without holes.
             */
            n: number;
            /** @description Where it came from: an address or a door. */
            origin?: string | null;
            /** @description `done`, or the word of the refusal. */
            outcome: string;
            /** @description The digest of the entry before it, in hexadecimal. */
            prev: string;
            /**
             * Format: int64
             * @description The last event that followed, or of the stretch that was sent.
             */
            seq?: number | null;
            /** @description What it was about, such as `room:room-1`. */
            subject?: string | null;
            /**
             * Format: int64
             * @description How often; more than once for refusals that were counted together.
             */
            times: number;
            /** @description What was asked, as a command is named. */
            verb: string;
        };
        /** @description One setting: the levels, who set them, and when. */
        Automation: {
            equipment: components["schemas"]["Level"];
            occupancy: components["schemas"]["Level"];
            /**
             * Format: int64
             * @description The revision whose levels this one took over again.
             */
            reverted_to?: number | null;
            /**
             * Format: int64
             * @description Counts the settings; 0 before the first one.
             */
            revision: number;
            /** @description Rooms whose levels differ from the clinic's. */
            rooms: {
                [key: string]: components["schemas"]["RoomLevels"];
            };
            set_at?: components["schemas"]["Time"] | null;
            set_by?: string | null;
            turnover: components["schemas"]["Level"];
        };
        /** @description The setting that holds, and the ones before it. */
        AutomationAnswer: {
            automation: components["schemas"]["Automation"];
            /** @description Every setting that is kept, the newest first. */
            history: components["schemas"]["Automation"][];
        };
        /** @description A count, apart by who was to do it. */
        ByAssignee: {
            /**
             * Format: int32
             * @description The agent.
             */
            agent: number;
            /**
             * Format: int32
             * @description The staff, or one of them.
             */
            staff: number;
        };
        /** @description Who listens to what, in numbers. */
        Census: {
            /** @description By channel; those of one doctor, patient, task or hospital by their kind. */
            by_channel: {
                [key: string]: number;
            };
            by_role: {
                [key: string]: number;
            };
            clients: number;
            /** @description Of the client furthest behind. */
            lag_events_max: number;
        };
        /**
         * @description How far each number is from its average, as a part of the average: 0.25 is a quarter more. `null` when either is
         *     not known, or the average is 0.
         */
        Changes: {
            /**
             * Format: double
             * @description Of `actions_completed`.
             */
            actions_completed: number | null;
            /**
             * Format: double
             * @description Of `average_cleaning_wait_minutes`.
             */
            average_cleaning_wait_minutes: number | null;
            /**
             * Format: double
             * @description Of `average_visit_minutes`.
             */
            average_visit_minutes: number | null;
            /**
             * Format: double
             * @description Of `average_wait_minutes`.
             */
            average_wait_minutes: number | null;
            /**
             * Format: double
             * @description Of `patients_seen`.
             */
            patients_seen: number | null;
            /**
             * Format: double
             * @description Of `room_utilization_ratio`.
             */
            room_utilization_ratio: number | null;
            /**
             * Format: double
             * @description Of `sessions`.
             */
            sessions: number | null;
            /**
             * Format: double
             * @description Of `tasks_by_agent`.
             */
            tasks_by_agent: number | null;
            /**
             * Format: double
             * @description Of `tasks_by_staff`.
             */
            tasks_by_staff: number | null;
            /**
             * Format: double
             * @description Of `turnovers`.
             */
            turnovers: number | null;
        };
        /** @description The seed's action item, in the seed's spelling. */
        ClawAction: {
            context?: components["schemas"]["Json"];
            description: string;
            doctorId?: components["schemas"]["Id"] | null;
            equipmentId?: components["schemas"]["Id"] | null;
            reasoning?: string | null;
            roomId?: components["schemas"]["Id"] | null;
            suggestedActions?: string[];
            title: string;
            type: components["schemas"]["ActionKind"];
            urgency?: components["schemas"]["Urgency"];
        };
        /** @description The seed's task, in the seed's spelling. */
        ClawTask: {
            assignee?: components["schemas"]["AssigneeWord"];
            description: string;
            doctorId?: components["schemas"]["Id"] | null;
            equipmentId?: components["schemas"]["Id"] | null;
            /** Format: int32 */
            estimatedDuration?: number | null;
            priority?: components["schemas"]["Urgency"];
            reasoning?: string | null;
            roomId?: components["schemas"]["Id"] | null;
            type: string;
        };
        /** @description Somebody who has, or had, an account. What else an account holds is for admins: `/api/users`. */
        Colleague: {
            id: components["schemas"]["Id"];
            name: string;
            /** @description Whether the account is open. What a leaver did goes on naming them. */
            open: boolean;
            role: components["schemas"]["Role"];
        };
        /** @description Who is connected. */
        Connections: {
            connections: components["schemas"]["Listed"][];
        };
        /** @description So many things of each word, and in all. A word without things is left out. */
        Counts: {
            by_status: {
                [key: string]: number;
            };
            by_type?: {
                [key: string]: number;
            };
            by_urgency?: {
                [key: string]: number;
            };
            total: number;
        };
        DailyAnswer: {
            metrics: components["schemas"]["DayReport"];
        };
        /** @description What one day came to. */
        DayReport: {
            /**
             * Format: int32
             * @description Action items that were written.
             */
            actions_created: number | null;
            /** @description The same, on average over the seven days before it. */
            average: components["schemas"]["Numbers"];
            /** @description How far the day is from the average, as a part of the average: 0.25 is a quarter more. */
            change_ratio: components["schemas"]["Changes"];
            /** @description The day is over: its numbers stay as they are. */
            complete: boolean;
            /**
             * Format: date
             * @description The day on the clinic's wall.
             */
            date: string;
            /** @description The numbers of the day. */
            numbers: components["schemas"]["Numbers"];
            /**
             * Format: double
             * @description How long the clinic is open on this day; today, how long it has been open so far.
             */
            open_minutes: number;
            /**
             * Format: int32
             * @description Patients who left before anybody examined them.
             */
            patients_left_unseen: number | null;
            /** @description Anything was counted on this day. When not, nothing is known of it. */
            recorded: boolean;
            /** @description Each room that was used or watched. */
            rooms: components["schemas"]["RoomDayReport"][];
            tasks: components["schemas"]["TaskReport"] | null;
            /** @description The clinic's time zone, by its IANA name. */
            timezone: string | null;
        };
        /** @description An event that an endpoint will not get by itself. */
        DeadLetter: {
            /** @description When it was given up. */
            at: string;
            /**
             * Format: int32
             * @description How often it was tried.
             */
            attempts: number;
            /** @description What the last try came to: a status, or a word for why there was none. */
            outcome: string;
            /**
             * Format: int64
             * @description The event.
             */
            seq: number;
            /** @description Its type, as the wire spells it; `journal:trimmed` for events that the journal lost before they were delivered. */
            type: string;
        };
        /** @description Events that an endpoint will not get by itself, the newest first. */
        DeadLettersAnswer: {
            dead_letters: components["schemas"]["DeadLetter"][];
        };
        /** @description A bound device, and how it does. */
        Device: {
            /**
             * Format: double
             * @description How full its battery is, %. Not worth an event of its own.
             */
            battery: number | null;
            battery_low: boolean;
            /** @description It comes and goes. */
            flapping: boolean;
            health: components["schemas"]["DeviceHealth"];
            id: components["schemas"]["Id"];
            last_seen: components["schemas"]["Time"] | null;
            /**
             * Format: double
             * @description How well its radio is heard. Not worth an event of its own.
             */
            link_quality: number | null;
            /** @description What its availability or its will said last. */
            online: boolean | null;
            since: components["schemas"]["Time"];
            /** @description It detects somebody for hours against all others, and has no say. */
            stuck: boolean;
            /** @description What it is about: `equipment:eq-1`, `room:room-1`, `door:room-1`, `button:room-1`, `environment:fridge-1`. */
            target: string;
        };
        DeviceAnswer: {
            device: components["schemas"]["Device"];
        };
        /**
         * @description How a device does.
         * @enum {string}
         */
        DeviceHealth: "waiting" | "live" | "silent" | "offline";
        DevicesAnswer: {
            devices: components["schemas"]["Device"][];
            /** @description Asks for the next page; absent on the last. */
            next_cursor?: string;
        };
        /** @description A doctor. */
        Doctor: {
            id: components["schemas"]["Id"];
            name?: string;
            /** Format: int64 */
            revision: number;
            specialty?: string | null;
        };
        DoctorAnswer: {
            doctor: components["schemas"]["Doctor"];
        };
        /** @description What changes of a doctor; what is absent stays, `null` empties. */
        DoctorEditBody: {
            name?: string | null;
            specialty?: string | null;
        };
        DoctorsAnswer: {
            doctors: components["schemas"]["Doctor"][];
            /** @description Asks for the next page; absent on the last. */
            next_cursor?: string;
        };
        /**
         * @description Why nothing more is delivered.
         * @enum {string}
         */
        EndReason: "gone" | "dropped";
        /** @description An endpoint, without its secrets. */
        Endpoint: {
            /**
             * Format: int32
             * @description How often the next one was tried.
             */
            attempts: number;
            /** @description Everything up to this event is settled. */
            cursor: string;
            dead_letters: number;
            delivered_at?: components["schemas"]["Time"] | null;
            enabled: boolean;
            ended?: components["schemas"]["EndReason"] | null;
            /** @description Types of events; none named is every event. */
            events: string[];
            failing_since?: components["schemas"]["Time"] | null;
            id: components["schemas"]["Id"];
            kept_in: components["schemas"]["KeptIn"];
            kind: components["schemas"]["EndpointKind"];
            /**
             * Format: int64
             * @description Events after it, wanted or not.
             */
            lag_events: number;
            /** @description When the replaced secrets end that deliveries are still signed with. */
            old_secrets_end_at: components["schemas"]["Time"][];
            payload: components["schemas"]["Payload"];
            /** Format: int32 */
            rate_per_s: number;
            retry_at?: components["schemas"]["Time"] | null;
            /** Format: int64 */
            revision: number;
            rooms: components["schemas"]["Id"][];
            state: components["schemas"]["Standing"];
            urgency: components["schemas"]["Urgency"][];
            url: string;
        };
        /** @description The answer with one endpoint. */
        EndpointAnswer: {
            endpoint: components["schemas"]["Endpoint"];
            /** @description What deliveries are signed with: told once, when it is made. */
            secret?: string;
        };
        /** @description What changes of an endpoint. An absent field stays as it is. */
        EndpointEditBody: {
            /** @default null */
            bearer: string | null;
            /** @default null */
            enabled: boolean | null;
            /** @default null */
            events: string[] | null;
            /** @default null */
            payload: components["schemas"]["Payload"] | null;
            /**
             * Format: int32
             * @default null
             */
            rate_per_s: number | null;
            /** @default null */
            rooms: components["schemas"]["Id"][] | null;
            /** @default null */
            urgency: components["schemas"]["Urgency"][] | null;
            /** @default null */
            url: string | null;
        };
        /**
         * @description What is at the other end.
         * @enum {string}
         */
        EndpointKind: "standard" | "openclaw" | "ntfy";
        /** @description The answer with all endpoints. */
        EndpointsAnswer: {
            endpoints: components["schemas"]["Endpoint"][];
        };
        /** @enum {string} */
        EntityType: "room" | "equipment" | "patient";
        /** @description A piece of equipment. */
        Equipment: {
            id: components["schemas"]["Id"];
            last_maintenance_date: components["schemas"]["Time"] | null;
            last_updated: components["schemas"]["Time"];
            log?: components["schemas"]["LogEntry"][];
            name?: string;
            next_maintenance_date: components["schemas"]["Time"] | null;
            profile: components["schemas"]["Profile"] | null;
            /** Format: int64 */
            revision: number;
            room_id: components["schemas"]["Id"] | null;
            since: components["schemas"]["Time"];
            status: components["schemas"]["EquipmentStatus"];
            type?: string;
        };
        EquipmentAnswer: {
            equipment: components["schemas"]["Equipment"];
        };
        /** @description What changes of a piece of equipment; what is absent stays, `null` empties. */
        EquipmentEditBody: {
            last_maintenance_date?: components["schemas"]["Time"] | null;
            name?: string | null;
            next_maintenance_date?: components["schemas"]["Time"] | null;
            profile?: components["schemas"]["Profile"] | null;
            room_id?: components["schemas"]["Id"] | null;
            type?: string | null;
        };
        EquipmentListAnswer: {
            equipment: components["schemas"]["Equipment"][];
            /** @description Asks for the next page; absent on the last. */
            next_cursor?: string;
        };
        /**
         * @description How a piece of equipment does.
         * @enum {string}
         */
        EquipmentStatus: "operational" | "in_use" | "needs_maintenance" | "offline";
        /** @description How a piece of equipment does. */
        EquipmentStatusBody: {
            status: components["schemas"]["EquipmentStatus"];
        };
        /** @description What became of an event. */
        EventAnswer: {
            eventId?: string | null;
            /** @description Why it was not processed. */
            message?: string;
            processed: boolean;
            success: boolean;
        };
        /** @description The seed's event, in the seed's spelling. */
        EventBody: {
            cameraId: components["schemas"]["Id"];
            /** Format: float */
            confidence: number;
            data: components["schemas"]["EventData"];
            entityId: string;
            entityType: components["schemas"]["EntityType"];
            eventType: components["schemas"]["EventType"];
            timestamp: components["schemas"]["Time"];
        };
        EventData: {
            doctorId?: components["schemas"]["Id"] | null;
            occupied?: boolean | null;
            patientStatus?: components["schemas"]["PatientStatus"] | null;
            /**
             * Format: double
             * @description The power that a piece of equipment takes, W: kept as a reading.
             */
            powerW?: number | null;
            status?: components["schemas"]["EquipmentStatus"] | null;
        };
        /** @enum {string} */
        EventType: "room_occupancy" | "equipment_status" | "patient_arrival" | "patient_departure";
        /** @description The whole clinic at a glance. */
        FacilityStatus: {
            actions: components["schemas"]["Counts"];
            /** @description Technical alarms that stand. */
            alarms_standing: number;
            /** @description The place in the journal that these numbers hold for. */
            cursor: string;
            equipment: components["schemas"]["Counts"];
            hours: components["schemas"]["Hours"];
            last_updated?: components["schemas"]["Time"] | null;
            patients: components["schemas"]["PatientCounts"];
            rooms: components["schemas"]["Counts"];
            tasks: components["schemas"]["Counts"];
        };
        /** @description An opinion on the agent's work. */
        Feedback: {
            action_id?: components["schemas"]["Id"] | null;
            at: components["schemas"]["Time"];
            by: string;
            comment?: string | null;
            id: components["schemas"]["Id"];
            task_id?: components["schemas"]["Id"] | null;
            verdict: components["schemas"]["Verdict"];
        };
        /** @description Every opinion that is kept. */
        FeedbackAnswer: {
            /** @description The newest first. */
            feedback: components["schemas"]["Feedback"][];
        };
        /** @description A source that will not report any more. */
        ForgetBody: {
            source: components["schemas"]["Id"];
        };
        /**
         * @description How much a piece of evidence, or what rests on it, can be trusted for its age.
         * @enum {string}
         */
        Freshness: "fresh" | "stale" | "lost";
        /** @description How the box does. */
        Health: {
            /** @description Each part by name, with its status and reason. */
            components: Record<string, never>;
            /** @description `ok`, `degraded` or `unavailable`. */
            status: string;
            version: string;
        };
        /** @description One hour of the clinic's clocks. */
        HourReport: {
            /**
             * Format: int32
             * @description 0..=23.
             */
            hour: number;
            /**
             * Format: double
             * @description How long the hour has lasted: 60, or what the clocks make of it, or what has passed of it.
             */
            minutes: number;
            /**
             * Format: double
             * @description How long the room was occupied.
             */
            occupied_minutes: number | null;
            /**
             * Format: double
             * @description Of the time in which it was watched, the part in which it was occupied.
             */
            utilization_ratio: number | null;
        };
        /** @description The clinic's hours. */
        Hours: {
            next_change?: components["schemas"]["Time"] | null;
            open_now: boolean;
        };
        /** @description What the hub counted in a stretch of time. */
        HubCounts: {
            /**
             * Format: int64
             * @description The longest broadcast, in microseconds.
             * @default 0
             */
            broadcast_us_max: number;
            /**
             * Format: int64
             * @description Broadcasts of new events.
             * @default 0
             */
            broadcasts: number;
            /**
             * Format: int64
             * @description The most WebSocket clients at a time.
             * @default 0
             */
            clients_max: number;
            /**
             * @description Connections that ended, by close code; `gone` for peers that went.
             * @default {}
             */
            closes: {
                [key: string]: number;
            };
            /**
             * Format: int64
             * @description Frames handed to sockets.
             * @default 0
             */
            frames_sent: number;
            /**
             * Format: int64
             * @description Subscriptions with a cursor that had to begin with the state.
             * @default 0
             */
            not_recovered: number;
            /**
             * Format: int64
             * @description Subscriptions with a cursor that got everything since.
             * @default 0
             */
            recovered: number;
            /**
             * Format: int64
             * @description Subscriptions that were told to begin anew.
             * @default 0
             */
            resyncs: number;
        };
        /** @description What one day of the hub came to. */
        HubDay: components["schemas"]["HubCounts"] & {
            /**
             * Format: date
             * @description The day on the clinic's wall.
             */
            date: string;
        };
        /**
         * @description An id: the clinic's own word, or a UUIDv7.
         * @example room-1
         */
        Id: string;
        /** @description Any JSON object. */
        Json: Record<string, never>;
        /**
         * @description Where a key is kept.
         * @enum {string}
         */
        KeptIn: "store" | "configuration";
        /** @description The key of a machine, without its secrets. */
        Key: {
            created_at?: components["schemas"]["Time"] | null;
            id: components["schemas"]["Id"];
            kept_in: components["schemas"]["KeptIn"];
            /** @description When the replaced secrets end that still go on. */
            old_secrets_end_at: components["schemas"]["Time"][];
            role: components["schemas"]["Role"];
            scopes: components["schemas"]["Scope"][];
        };
        KeysAnswer: {
            keys: components["schemas"]["Key"][];
            next_cursor?: string;
        };
        /**
         * @description How far sensors may act by themselves.
         * @enum {string}
         */
        Level: "monitoring" | "assisted" | "full";
        /** @description A connection as admins see it. */
        Listed: {
            /** @description Where it comes from. */
            address: string;
            channels: string[];
            /** @description Names the connection. */
            client_id: string;
            /** @description What the client says that it is. */
            device?: string | null;
            /** @description `websocket` or `events`. */
            kind: string;
            /** @description Bytes that it is behind. */
            lag_bytes: number;
            /** @description Events that it is behind. */
            lag_events: number;
            /**
             * Format: date-time
             * @description When it was last heard of.
             */
            last_activity: string;
            role: components["schemas"]["Role"];
            /** Format: date-time */
            since: string;
            /** @description The account, if it is a person's. */
            user?: string | null;
        };
        /** @description An entry of a maintenance log. */
        LogEntry: {
            at: components["schemas"]["Time"];
            by: string;
            text: string;
        };
        /** @description What a login gives. */
        LoginAnswer: {
            expires_at?: components["schemas"]["Time"] | null;
            /** @description Send it as `Authorization: Bearer`. */
            token: string;
            user: components["schemas"]["User"];
        };
        /** @description What somebody logs in with. */
        LoginBody: {
            email: string;
            /** Format: password */
            password: string;
        };
        /** @description What was done to a piece of equipment. */
        MaintenanceBody: {
            next_due?: components["schemas"]["Time"] | null;
            text: string;
        };
        /** @description Who one is. */
        MeAnswer: {
            actor: string;
            role: components["schemas"]["Role"];
            user?: components["schemas"]["User"] | null;
            view: components["schemas"]["View"];
        };
        /** @description A new action item. */
        NewActionBody: {
            /** @description What the author knows, as JSON of at most 4 KiB. */
            context?: components["schemas"]["Json"];
            description: string;
            doctor_id?: components["schemas"]["Id"] | null;
            equipment_id?: components["schemas"]["Id"] | null;
            reasoning?: string | null;
            room_id?: components["schemas"]["Id"] | null;
            suggested_actions?: string[];
            title: string;
            type?: components["schemas"]["ActionKind"];
            urgency?: components["schemas"]["Urgency"];
        };
        /** @description A new doctor. */
        NewDoctorBody: {
            id?: components["schemas"]["Id"] | null;
            name: string;
            specialty?: string | null;
        };
        /** @description An endpoint that is to be added. */
        NewEndpointBody: {
            /** @description It is told what happens after this cursor; after the newest event when absent. */
            after?: string | null;
            /** @description What proves the gateway to it, as a Bearer token. */
            bearer?: string | null;
            enabled?: boolean | null;
            events?: string[];
            id: components["schemas"]["Id"];
            kind?: components["schemas"]["EndpointKind"];
            payload?: components["schemas"]["Payload"];
            /** Format: int32 */
            rate_per_s?: number | null;
            rooms?: components["schemas"]["Id"][];
            urgency?: components["schemas"]["Urgency"][];
            /** @description Where it is: a host that `claw.allowed_hosts` names. */
            url: string;
        };
        /** @description A new piece of equipment. */
        NewEquipmentBody: {
            id?: components["schemas"]["Id"] | null;
            last_maintenance_date?: components["schemas"]["Time"] | null;
            name: string;
            next_maintenance_date?: components["schemas"]["Time"] | null;
            profile?: components["schemas"]["Profile"] | null;
            room_id?: components["schemas"]["Id"] | null;
            /** @description What it is, in the clinic's words. */
            type: string;
        };
        /** @description A key, and its secret, told once. */
        NewKeyAnswer: {
            key: components["schemas"]["Key"];
            secret: string;
        };
        /** @description A key that is to be made. */
        NewKeyBody: {
            /** @description The machine's name. */
            id: components["schemas"]["Id"];
            /** @description What the machine is: device, agent or peer. */
            role: components["schemas"]["Role"];
            /** @description What the key is for; without it what is usual for the role. */
            scopes?: components["schemas"]["Scope"][];
        };
        /** @description A new password that an admin gives an account. */
        NewPasswordBody: {
            new_password: string;
        };
        /** @description A new room. */
        NewRoomBody: {
            id?: components["schemas"]["Id"] | null;
            name: string;
            type: components["schemas"]["RoomKind"];
        };
        /** @description A new task. */
        NewTaskBody: {
            /** @description `staff`, `agent`, or a user's id. */
            assignee?: components["schemas"]["Id"];
            description: string;
            doctor_id?: components["schemas"]["Id"] | null;
            equipment_id?: components["schemas"]["Id"] | null;
            /**
             * Format: int32
             * @description Minutes.
             */
            estimated_duration?: number | null;
            priority?: components["schemas"]["Urgency"];
            reasoning?: string | null;
            room_id?: components["schemas"]["Id"] | null;
            /** @description One word, such as `cleaning`. */
            type: string;
        };
        /** @description A token, and its secret, told once. */
        NewTokenAnswer: {
            secret: string;
            token: components["schemas"]["Token"];
        };
        /** @description A token that is to be made. People get theirs by logging in. */
        NewTokenBody: {
            /** @enum {string} */
            kind: "kiosk";
            /** @description What it is for, such as where the screen hangs. */
            label: string;
        };
        /** @description An account that is to be made. */
        NewUserBody: {
            doctor_id?: components["schemas"]["Id"] | null;
            /** @description How the person logs in. */
            email: string;
            /** @description The doctors that the account works for. */
            manages?: components["schemas"]["Id"][];
            /** @description The name that colleagues use. */
            name: string;
            /** @description The first password. */
            password: string;
            /** @description What the person is. */
            role: components["schemas"]["Role"];
        };
        /** @description A remark. */
        NoteBody: {
            text: string;
        };
        /** @description The numbers of a day that are compared with other days. */
        Numbers: {
            /**
             * Format: double
             * @description Action items that were completed.
             */
            actions_completed: number | null;
            /**
             * Format: double
             * @description How long such a room waited for it.
             */
            average_cleaning_wait_minutes: number | null;
            /**
             * Format: double
             * @description Arrival to departure.
             */
            average_visit_minutes: number | null;
            /**
             * Format: double
             * @description Arrival to examination, of patients who have left.
             */
            average_wait_minutes: number | null;
            /**
             * Format: double
             * @description Patients who were examined and have left.
             */
            patients_seen: number | null;
            /**
             * Format: double
             * @description Of the opening hours in which such rooms were watched, the part in which they were occupied.
             */
            room_utilization_ratio: number | null;
            /**
             * Format: double
             * @description Sessions that began in examination and treatment rooms.
             */
            sessions: number | null;
            /**
             * Format: double
             * @description Tasks of the agent that were completed.
             */
            tasks_by_agent: number | null;
            /**
             * Format: double
             * @description Tasks of the staff that were completed.
             */
            tasks_by_staff: number | null;
            /**
             * Format: double
             * @description How often such a room was made clean after use.
             */
            turnovers: number | null;
        };
        Occupancy: {
            /**
             * Format: double
             * @description 0.0..=1.0, to three places: more would be noise.
             */
            confidence?: number | null;
            freshness: components["schemas"]["Freshness"];
            paused: boolean;
            /** Format: int32 */
            people?: number | null;
            since: components["schemas"]["Time"];
            sources: components["schemas"]["Id"][];
            state: components["schemas"]["Presence"];
            synthetic: boolean;
            why?: string;
        };
        /** @description A change of the own password. */
        PasswordBody: {
            /** Format: password */
            current_password: string;
            /** Format: password */
            new_password: string;
        };
        /** @description Patients of whom somebody said that they came, and not yet that they left. */
        PatientCounts: {
            checking_out: number;
            in_examination: number;
            in_treatment: number;
            waiting: number;
        };
        /**
         * @description How far a patient is, in either spelling.
         * @enum {string}
         */
        PatientStatus: "waiting" | "in_examination" | "in_treatment" | "checking_out";
        /**
         * @description How much a delivery says.
         * @enum {string}
         */
        Payload: "thin" | "full";
        /** @description A page of people. */
        PeopleAnswer: {
            /** @description Asks for the next page; absent on the last. */
            next_cursor?: string;
            people: components["schemas"]["Colleague"][];
        };
        /** @description A series over time. */
        PointsAnswer: {
            /** @description Oldest first. A step without readings has no point. */
            points: components["schemas"]["ReadingPoint"][];
            series: string;
            /**
             * Format: int32
             * @description How long a step is, in seconds.
             */
            step_s: number;
            /** @description The unit as people write it; empty for a bare number. */
            unit: string;
        };
        /** @description What a poll is answered with. */
        Polled: {
            /** @description What to ask with next. */
            cursor: string;
            /** @description Frames of hub/1, as `/api/ws/frames.json` describes them, oldest first. */
            events: {
                [key: string]: unknown;
            }[];
            /** @description Whether everything since the cursor came; absent without one. */
            recovered?: boolean;
        };
        /**
         * @description Whether somebody is in the room.
         * @enum {string}
         */
        Presence: "occupied" | "empty" | "unknown";
        /** @description An `application/problem+json` document. */
        Problem: {
            /** @description A word for programs. */
            code: string;
            /** @description What is there now, for whoever meant to change something else. */
            current?: Record<string, never>;
            /** @description What is wrong and what would be right, for people. */
            detail: string;
            /** @description The field that is wrong. */
            field?: string;
            /** @description The request that had it, as the log names it. */
            request_id?: string;
            /** @description Asking the same again may succeed. */
            retryable: boolean;
            /** Format: int32 */
            status: number;
            title: string;
            type: string;
        };
        /**
         * @description How a piece of equipment is meant to be used.
         * @enum {string}
         */
        Profile: "intermittent" | "continuous";
        /** @description What somebody thinks of something that the agent decided. */
        RatingBody: {
            action_id?: components["schemas"]["Id"] | null;
            comment?: string | null;
            task_id?: components["schemas"]["Id"] | null;
            verdict: components["schemas"]["Verdict"];
        };
        /**
         * @description Whether the room may be used. Survives restarts and lost sensors.
         * @enum {string}
         */
        Readiness: "clean" | "needs_cleaning" | "maintenance";
        /** @description The newest value of a series. */
        Reading: {
            /** @description When it was measured. */
            at: components["schemas"]["Time"];
            /**
             * @description What is measured: `equipment|room|environment|device:<id>:<quantity>`.
             * @example equipment:eq-1:power
             */
            series: string;
            /**
             * @description The unit as people write it; empty for a bare number.
             * @example W
             */
            unit: string;
            /**
             * Format: double
             * @description How much.
             */
            value: number;
        };
        /** @description What the readings of one step of time came to. */
        ReadingPoint: {
            /** @description When the step begins. */
            at: components["schemas"]["Time"];
            /**
             * Format: int32
             * @description How many readings there were; of a step below a minute, how many seconds had one.
             */
            count: number;
            /** Format: double */
            max: number;
            /** Format: double */
            mean: number;
            /** Format: double */
            min: number;
        };
        /** @description The newest value of each series. */
        ReadingsAnswer: {
            /** @description Asks for the next page; absent on the last. */
            next_cursor?: string;
            readings: components["schemas"]["Reading"][];
        };
        /** @description A rejection. */
        RejectionBody: {
            reason: string;
        };
        /** @description A replay that waits for its turn. */
        ReplayAnswer: {
            /** @description True: what came of it is among the attempts. */
            queued: boolean;
        };
        /** @description What is sent once more: one event, a stretch of the journal, or of time; what is absent is open. */
        ReplayBody: {
            /**
             * Format: int64
             * @default null
             */
            from_seq: number | null;
            /**
             * Format: int64
             * @default null
             */
            seq: number | null;
            /** @default null */
            since: components["schemas"]["Time"] | null;
            /**
             * Format: int64
             * @default null
             */
            to_seq: number | null;
            /** @default null */
            until: components["schemas"]["Time"] | null;
        };
        /** @description Where an endpoint goes on. */
        ResumeBody: {
            /**
             * @description After this cursor; where it stopped when absent.
             * @default null
             */
            after: string | null;
        };
        Resumes: {
            /** Format: int64 */
            not_recovered: number;
            /** Format: int64 */
            recovered: number;
        };
        /** @description Which setting to go back to. */
        RevertBody: {
            /** Format: int64 */
            to_revision: number;
        };
        /**
         * @description What a person or machine is in the clinic.
         * @enum {string}
         */
        Role: "admin" | "head_doctor" | "doctor" | "nurse" | "medical_assistant" | "operator" | "viewer" | "kiosk" | "device" | "agent" | "peer";
        /** @description A room. */
        Room: {
            current_doctor_id: components["schemas"]["Id"] | null;
            current_patient_id?: components["schemas"]["Id"] | null;
            estimated_available_at: components["schemas"]["Time"] | null;
            id: components["schemas"]["Id"];
            last_updated: components["schemas"]["Time"];
            name?: string;
            occupancy: components["schemas"]["Occupancy"];
            readiness: components["schemas"]["Readiness"];
            /** Format: int64 */
            revision: number;
            since: components["schemas"]["Time"];
            status: components["schemas"]["RoomStatus"];
            type: components["schemas"]["RoomKind"];
        };
        RoomAnswer: {
            room: components["schemas"]["Room"];
        };
        /** @description The average day of a room. */
        RoomAverage: {
            /** @description How many days it rests on: those on which the room was watched. */
            days: number;
            /**
             * Format: double
             * @description How long the room was occupied.
             */
            occupied_minutes: number | null;
            /**
             * Format: double
             * @description Sessions that began.
             */
            sessions: number | null;
            /** @description Something of this rests on a drawn scene. */
            synthetic: boolean;
            /**
             * Format: double
             * @description Of the opening hours in which it was watched, the part in which it was occupied.
             */
            utilization_ratio: number | null;
        };
        /** @description One room on one day. */
        RoomDayReport: {
            /**
             * Format: double
             * @description How long it waited for that.
             */
            average_cleaning_wait_minutes: number | null;
            /**
             * Format: double
             * @description How long the room was occupied in a session that ended, on average.
             */
            average_session_minutes: number | null;
            /**
             * Format: date
             * @description The day on the clinic's wall.
             */
            date: string;
            /**
             * Format: double
             * @description The same of the longest one.
             */
            longest_session_minutes: number | null;
            /**
             * Format: double
             * @description How long it was occupied.
             */
            occupied_minutes: number | null;
            /**
             * Format: int32
             * @description The hour of the clinic's clocks in which it was occupied for longest, 0..=23; the first of equals.
             */
            peak_hour: number | null;
            /**
             * @description The room.
             * @example room-1
             */
            room_id: string;
            /**
             * Format: int32
             * @description Sessions that began.
             */
            sessions: number | null;
            /** @description Something of this rests on a drawn scene, not on the world. */
            synthetic: boolean;
            /**
             * Format: int32
             * @description How often it was made clean after use.
             */
            turnovers: number | null;
            /**
             * Format: double
             * @description How long nobody knows whether it was.
             */
            unknown_minutes: number;
            /**
             * Format: double
             * @description Of the opening hours in which it was watched, the part in which it was occupied.
             */
            utilization_ratio: number | null;
        };
        /** @description What changes of a room; what is absent stays. */
        RoomEditBody: {
            name?: string | null;
            type?: components["schemas"]["RoomKind"] | null;
        };
        /**
         * @description What a room is for.
         * @enum {string}
         */
        RoomKind: "examination" | "treatment" | "waiting" | "other";
        /** @description The levels of one room; what is not said goes by the clinic's. */
        RoomLevels: {
            equipment?: components["schemas"]["Level"] | null;
            occupancy?: components["schemas"]["Level"] | null;
            turnover?: components["schemas"]["Level"] | null;
        };
        /**
         * @description The one word on the door, derived from readiness and occupancy.
         * @enum {string}
         */
        RoomStatus: "available" | "occupied" | "needs_cleaning" | "maintenance" | "unknown";
        /** @description What staff say of a room. Both spellings of the seed are taken. */
        RoomStatusBody: {
            current_doctor_id?: components["schemas"]["Id"] | null;
            current_patient_id?: components["schemas"]["Id"] | null;
            estimated_available_at?: components["schemas"]["Time"] | null;
            status: components["schemas"]["StaffStatus"];
        };
        /** @description The use of one room. */
        RoomUtilization: {
            /** @description The average day of `history`. */
            average: components["schemas"]["RoomAverage"];
            /** @description The seven days before today, oldest first. */
            history: components["schemas"]["RoomDayReport"][];
            /**
             * @description Per hour of the clinic's clocks, the part of the watched time in which the room was occupied, over the days
             *     of `history`: always 24. What is not known is `null`.
             */
            hourly_average: (number | null)[];
            /** @description Today by the hours of the clinic's clocks: always 24. */
            hours: components["schemas"]["HourReport"][];
            /** @description The name on the door. */
            name: string;
            /**
             * @description The room.
             * @example room-1
             */
            room_id: string;
            /** @description Today so far. */
            today: components["schemas"]["RoomDayReport"];
            /** @description What it is for. */
            type: components["schemas"]["RoomKind"];
        };
        RoomsAnswer: {
            /** @description Asks for the next page; absent on the last. */
            next_cursor?: string;
            rooms: components["schemas"]["Room"][];
        };
        /** @description How a key is rotated. */
        RotateBody: {
            /**
             * Format: int64
             * @description Seconds that the old secret goes on.
             */
            overlap_s?: number | null;
        };
        /** @description How a secret is rotated. */
        RotateEndpointBody: {
            /**
             * Format: int64
             * @description Seconds that deliveries are signed with the old secret too.
             * @default null
             */
            overlap_s: number | null;
        };
        /**
         * @description What a key may be used for.
         * @enum {string}
         */
        Scope: "observe" | "work" | "read" | "metrics";
        /** @description Whether sensing rests, for privacy. */
        SensingBody: {
            paused: boolean;
        };
        /** @description What changes. A level that is not said stays; `null` for a room ends what differs there. */
        SetBody: {
            equipment?: components["schemas"]["Level"] | null;
            occupancy?: components["schemas"]["Level"] | null;
            rooms?: {
                [key: string]: components["schemas"]["RoomLevels"];
            };
            turnover?: components["schemas"]["Level"] | null;
        };
        /** @enum {string} */
        StaffStatus: "available" | "occupied" | "needs_cleaning" | "maintenance";
        /**
         * @description How an endpoint does.
         * @enum {string}
         */
        Standing: "active" | "failing" | "off" | "ended";
        /** @description What the hub has done and does. */
        Stats: components["schemas"]["Census"] & {
            /** Format: double */
            broadcast_max_ms: number;
            /** Format: int64 */
            broadcasts: number;
            /** @description By close code; `gone` for peers that went. */
            closes: {
                [key: string]: number;
            };
            /** @description The newest days, oldest first; what was counted in the last minute may be missing. */
            days: components["schemas"]["HubDay"][];
            epoch: string;
            event_streams: number;
            /**
             * Format: int64
             * @description Since the gateway started.
             */
            frames_sent: number;
            resumes: components["schemas"]["Resumes"];
            /** Format: int64 */
            resyncs: number;
            /** Format: int64 */
            seq: number;
        };
        /** @description A task. */
        Task: {
            answer_by: components["schemas"]["Time"] | null;
            assignee: components["schemas"]["Id"];
            created_by: string;
            description?: string;
            doctor_id: components["schemas"]["Id"] | null;
            end_time: components["schemas"]["Time"] | null;
            equipment_id: components["schemas"]["Id"] | null;
            /** Format: int32 */
            estimated_duration: number | null;
            expires_at: components["schemas"]["Time"] | null;
            id: components["schemas"]["Id"];
            notes?: components["schemas"]["TaskNote"][];
            priority: components["schemas"]["Urgency"];
            reasoning?: string | null;
            /** Format: int64 */
            revision: number;
            room_id: components["schemas"]["Id"] | null;
            start_time: components["schemas"]["Time"];
            status: components["schemas"]["TaskStatus"];
            synthetic: boolean;
            type?: string;
        };
        TaskAnswer: {
            task: components["schemas"]["Task"];
        };
        /** @description What changes of a task; what is absent stays, `null` empties. */
        TaskEditBody: {
            assignee?: components["schemas"]["Id"] | null;
            description?: string | null;
            doctor_id?: components["schemas"]["Id"] | null;
            equipment_id?: components["schemas"]["Id"] | null;
            /**
             * Format: int32
             * @description Minutes.
             */
            estimated_duration?: number | null;
            /** @description A remark to add. */
            notes?: string | null;
            priority?: components["schemas"]["Urgency"] | null;
            room_id?: components["schemas"]["Id"] | null;
            status?: components["schemas"]["TaskStatus"] | null;
        };
        /** @description A remark on a task. */
        TaskNote: {
            at: components["schemas"]["Time"];
            by: string;
            text: string;
        };
        /** @description The tasks of a day. */
        TaskReport: {
            /**
             * Format: int32
             * @description Need not be done.
             */
            cancelled: number;
            /** @description Completed. */
            completed: components["schemas"]["ByAssignee"];
            /** @description Completed, by type. */
            completed_by_type: {
                [key: string]: components["schemas"]["ByAssignee"];
            };
            /**
             * Format: int32
             * @description Written.
             */
            created: number;
            /**
             * Format: int32
             * @description Could not be done.
             */
            failed: number;
            /**
             * Format: int32
             * @description Closed tasks that rest on a drawn scene; in none of the other numbers.
             */
            synthetic: number;
        };
        /**
         * @description How far it is.
         * @enum {string}
         */
        TaskStatus: "proposed" | "pending" | "in_progress" | "completed" | "failed" | "cancelled";
        /** @description What became of the agent's task. */
        TaskTaken: {
            createdAt?: components["schemas"]["Time"] | null;
            /** @description Why nothing was made. */
            message?: string;
            success: boolean;
            taskId?: string | null;
        };
        TasksAnswer: {
            /** @description Asks for the next page; absent on the last. */
            next_cursor?: string;
            tasks: components["schemas"]["Task"][];
        };
        /** @description A ticket for one WebSocket. */
        TicketAnswer: {
            expires_at: components["schemas"]["Time"];
            ticket: string;
        };
        /**
         * Format: date-time
         * @description A point in time, RFC 3339.
         * @example 2026-02-06T14:30:00Z
         */
        Time: string;
        /** @description A bearer token, without its secret. */
        Token: {
            created_at: components["schemas"]["Time"];
            expires_at?: components["schemas"]["Time"] | null;
            id: components["schemas"]["Id"];
            kind: components["schemas"]["TokenKind"];
            label?: string | null;
            user_id?: components["schemas"]["Id"] | null;
        };
        /**
         * @description What a token proves.
         * @enum {string}
         */
        TokenKind: "user" | "kiosk";
        TokensAnswer: {
            next_cursor?: string;
            tokens: components["schemas"]["Token"][];
        };
        /** @description One day of many. */
        Trend: {
            /** @description The day is over. */
            complete: boolean;
            /**
             * Format: date
             * @description The day on the clinic's wall.
             */
            date: string;
            /** @description The numbers of the day. */
            numbers: components["schemas"]["Numbers"];
            /** @description Anything was counted on this day. */
            recorded: boolean;
        };
        /** @description Some days, and how the last of them compares. */
        Trends: {
            /** @description The average of the seven days before today. */
            average: components["schemas"]["Numbers"];
            /** @description How far today is from the average, as a part of the average. */
            change_ratio: components["schemas"]["Changes"];
            /** @description The days, oldest first; the last one is today. */
            days: components["schemas"]["Trend"][];
            /** @description The clinic's time zone, by its IANA name. */
            timezone: string | null;
        };
        TrendsAnswer: {
            trends: components["schemas"]["Trends"];
        };
        /**
         * @description How soon.
         * @enum {string}
         */
        Urgency: "urgent" | "normal" | "low";
        /** @description A user's account, as the account itself and admins see it. */
        User: {
            created_at: components["schemas"]["Time"];
            disabled_at?: components["schemas"]["Time"] | null;
            doctor_id?: components["schemas"]["Id"] | null;
            email: string;
            id: components["schemas"]["Id"];
            manages: components["schemas"]["Id"][];
            name: string;
            /** Format: int64 */
            revision: number;
            role: components["schemas"]["Role"];
        };
        UserAnswer: {
            user: components["schemas"]["User"];
        };
        /** @description What changes of an account. An absent field stays as it is. */
        UserEditBody: {
            /** @description `false` opens a closed account again, `true` closes it and ends its tokens. */
            disabled?: boolean | null;
            doctor_id?: components["schemas"]["Id"] | null;
            /** @description Another address. */
            email?: string | null;
            /** @description Other doctors. */
            manages?: components["schemas"]["Id"][] | null;
            /** @description Another name. */
            name?: string | null;
            role?: components["schemas"]["Role"] | null;
        };
        UsersAnswer: {
            /** @description Asks for the next page; absent on the last. */
            next_cursor?: string;
            users: components["schemas"]["User"][];
        };
        /** @description The use of all rooms. */
        Utilization: {
            /**
             * Format: date
             * @description Today, on the clinic's wall.
             */
            date: string;
            /**
             * Format: double
             * @description How long the clinic has been open today.
             */
            open_minutes: number;
            /** @description Each room, by id. */
            rooms: components["schemas"]["RoomUtilization"][];
            /** @description The clinic's time zone, by its IANA name. */
            timezone: string | null;
        };
        /**
         * @description What somebody thinks of it.
         * @enum {string}
         */
        Verdict: "helpful" | "wrong";
        /**
         * @description How much is seen.
         * @enum {string}
         */
        View: "full" | "limited" | "de_identified" | "machine" | "thin" | "nothing";
        /** @description How the webhooks' door does. */
        WebhooksHealth: {
            /** @description `ok` or `unavailable`. */
            status: string;
            timestamp: components["schemas"]["Time"];
            /** @description What can be sent. */
            webhooks: string[];
        };
    };
    responses: {
        /** @description The body is no JSON, or the path or a header cannot be read. */
        Problem400: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description This needs proof of who asks. */
        Problem401: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The role, the key or the page's origin does not allow this. */
        Problem403: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Something that the request names does not exist. */
        Problem404: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description What is there does not allow this. */
        Problem409: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Somebody changed it meanwhile; `current` is what is there now. */
        Problem412: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The body is too large. */
        Problem413: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The body does not come as JSON. */
        Problem415: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The gateway does not answer to this Host. */
        Problem421: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description A field or parameter is unknown, or its value cannot be taken; or the Idempotency-Key came with another body. */
        Problem422: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Too many tries failed, or requests came; `Retry-After` says how long to wait. */
        Problem429: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The gateway failed on this request. */
        Problem500: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The gateway is busy, stopping or unavailable; ask again in a moment. */
        Problem503: {
            headers: {
                /** @description Seconds until asking again may succeed. */
                "Retry-After"?: string;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    list_actions: {
        parameters: {
            query?: {
                status?: components["schemas"]["ActionStatus"];
                type?: components["schemas"]["ActionKind"];
                urgency?: components["schemas"]["Urgency"];
                /** @description Taken by this user. */
                assigned_to?: components["schemas"]["Id"];
                doctor_id?: components["schemas"]["Id"];
                room_id?: components["schemas"]["Id"];
                equipment_id?: components["schemas"]["Id"];
                limit?: number;
                /** @description `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The action items: open ones first, of these urgent ones first, then the oldest. */
            200: {
                headers: {
                    /** @description The revision, on single things that have one. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ActionsAnswer"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    create_action: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and body within 24 h gets the first answer, and nothing is done twice. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewActionBody"];
            };
        };
        responses: {
            /** @description The item is written. */
            201: {
                headers: {
                    /** @description The revision. */
                    ETag?: string;
                    /** @description Where the new thing is. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ActionAnswer"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    show_action: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The action item. */
            200: {
                headers: {
                    /** @description The revision, on single things that have one. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ActionAnswer"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            421: components["responses"]["Problem421"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    put_action: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and body within 24 h gets the first answer, and nothing is done twice. */
                "Idempotency-Key"?: string;
                /** @description The ETag that the edit rests on. */
                "If-Match"?: string;
            };
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ActionEditBody"];
            };
        };
        responses: {
            /** @description The item as it is now. */
            200: {
                headers: {
                    /** @description The revision, on single things that have one. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ActionAnswer"];
                };
            };
            /** @description It is done, and the caller's role sees nothing of it. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    delete_action: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and body within 24 h gets the first answer, and nothing is done twice. */
                "Idempotency-Key"?: string;
                /** @description The ETag that the edit rests on. */
                "If-Match"?: string;
            };
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The item is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    edit_action: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and body within 24 h gets the first answer, and nothing is done twice. */
                "Idempotency-Key"?: string;
                /** @description The ETag that the edit rests on. */
                "If-Match"?: string;
            };
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ActionEditBody"];
            };
        };
        responses: {
            /** @description The item as it is now. */
            200: {
                headers: {
                    /** @description The revision, on single things that have one. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ActionAnswer"];
                };
            };
            /** @description It is done, and the caller's role sees nothing of it. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    show_agent: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The agent's phase and limits. */
            200: {
                headers: {
                    /** @description The revision, on single things that have one. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AgentShown"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            421: components["responses"]["Problem421"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    set_agent: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and body within 24 h gets the first answer, and nothing is done twice. */
                "Idempotency-Key"?: string;
                /** @description The ETag that the edit rests on. */
                "If-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AgentEditBody"];
            };
        };
        responses: {
            /** @description The agent's phase and limits. */
            200: {
                headers: {
                    /** @description The revision, on single things that have one. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AgentShown"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    list_feedback: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What staff think of the agent's work. */
            200: {
                headers: {
                    /** @description The revision, on single things that have one. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FeedbackAnswer"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            421: components["responses"]["Problem421"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    rate_agent: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and body within 24 h gets the first answer, and nothing is done twice. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RatingBody"];
            };
        };
        responses: {
            /** @description It is kept. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    list_alarms: {
        parameters: {
            query?: {
                /** @description True for those that stand, false for those that are over. */
                standing?: boolean;
                acknowledged?: boolean;
                cause?: "camera_lost" | "command_undecidable" | "store_recovered" | "store_budget" | "sender_clock" | "certificate" | "clients_lost" | "battery_low" | "devices_offline" | "device_flapping" | "broker_lost" | "sensor_stuck" | "temperature_excursion" | "temperature_unknown" | "endpoint_failing" | "endpoint_ended" | "dead_letters" | "agent_offline";
                limit?: number;
                /** @description `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The alarms, the newest first. */
            200: {
                headers: {
                    /** @description The revision, on single things that have one. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlarmsAnswer"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    show_alarm: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The alarm. */
            200: {
                headers: {
                    /** @description The revision, on single things that have one. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlarmAnswer"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            421: components["responses"]["Problem421"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    acknowledge_alarm: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and body within 24 h gets the first answer, and nothing is done twice. */
                "Idempotency-Key"?: string;
                /** @description The ETag that the edit rests on. */
                "If-Match"?: string;
            };
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The alarm as it is now. */
            200: {
                headers: {
                    /** @description The revision, on single things that have one. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlarmAnswer"];
                };
            };
            /** @description It is done, and the caller's role sees nothing of it. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    list_audit: {
        parameters: {
            query?: {
                limit?: number;
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description Who, as entries spell it. */
                actor?: string;
                /** @description What was asked, as entries spell it. */
                verb?: string;
                /** @description What it was about, as entries spell it. */
                subject?: string;
                /** @description `done`, `refused`, or the word of a refusal. */
                outcome?: string;
                /** @description Not before this moment. */
                from?: string;
                /** @description Before this moment. */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The trail, the newest first. */
            200: {
                headers: {
                    /** @description The revision, on single things that have one. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditAnswer"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    login: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LoginBody"];
            };
        };
        responses: {
            /** @description A token, told once. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LoginAnswer"];
                };
            };
            400: components["responses"]["Problem400"];
            /** @description Email or password is wrong, or the account is closed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            /** @description Too many logins failed. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    logout: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The token is no longer good. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description A key does not log out. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            421: components["responses"]["Problem421"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    show_me: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Who the caller is, and how much the caller sees. */
            200: {
                headers: {
                    /** @description The revision, on single things that have one. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MeAnswer"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            421: components["responses"]["Problem421"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    change_password: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasswordBody"];
            };
        };
        responses: {
            /** @description The password is changed; other tokens of the account have ended. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            /** @description Too many tries failed. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    issue_ticket: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A ticket for one WebSocket, good for a moment. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TicketAnswer"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            421: components["responses"]["Problem421"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    show_automation: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The setting that holds, and its history. */
            200: {
                headers: {
                    /** @description The revision, on single things that have one. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AutomationAnswer"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            421: components["responses"]["Problem421"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    set_automation: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and body within 24 h gets the first answer, and nothing is done twice. */
                "Idempotency-Key"?: string;
                /** @description The ETag that the edit rests on. */
                "If-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SetBody"];
            };
        };
        responses: {
            /** @description The setting that holds now. */
            200: {
                headers: {
                    /** @description The revision, on single things that have one. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AutomationAnswer"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    revert_automation: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and body within 24 h gets the first answer, and nothing is done twice. */
                "Idempotency-Key"?: string;
                /** @description The ETag that the edit rests on. */
                "If-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RevertBody"];
            };
        };
        responses: {
            /** @description The setting that holds now. */
            200: {
                headers: {
                    /** @description The revision, on single things that have one. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AutomationAnswer"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    list_connections: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description WebSockets and event streams that are open, oldest first. */
            200: {
                headers: {
                    /** @description The revision, on single things that have one. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Connections"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            421: components["responses"]["Problem421"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    end_connection: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The connection ends, with code 4403. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    list_devices: {
        parameters: {
            query?: {
                health?: "waiting" | "live" | "silent" | "offline";
                limit?: number;
                /** @description `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The devices that are bound, by id. */
            200: {
                headers: {
                    /** @description The revision, on single things that have one. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DevicesAnswer"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    show_device: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The device. */
            200: {
                headers: {
                    /** @description The revision, on single things that have one. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeviceAnswer"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            421: components["responses"]["Problem421"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    list_doctors: {
        parameters: {
            query?: {
                specialty?: string;
                limit?: number;
                /** @description `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The doctors, by id. */
            200: {
                headers: {
                    /** @description The revision, on single things that have one. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DoctorsAnswer"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    create_doctor: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and body within 24 h gets the first answer, and nothing is done twice. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewDoctorBody"];
            };
        };
        responses: {
            /** @description The doctor is taken in. */
            201: {
                headers: {
                    /** @description The revision. */
                    ETag?: string;
                    /** @description Where the new thing is. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DoctorAnswer"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    show_doctor: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The doctor. */
            200: {
                headers: {
                    /** @description The revision, on single things that have one. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DoctorAnswer"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            421: components["responses"]["Problem421"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    put_doctor: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and body within 24 h gets the first answer, and nothing is done twice. */
                "Idempotency-Key"?: string;
                /** @description The ETag that the edit rests on. */
                "If-Match"?: string;
            };
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DoctorEditBody"];
            };
        };
        responses: {
            /** @description The doctor as known now. */
            200: {
                headers: {
                    /** @description The revision, on single things that have one. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DoctorAnswer"];
                };
            };
            /** @description It is done, and the caller's role sees nothing of it. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    retire_doctor: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and body within 24 h gets the first answer, and nothing is done twice. */
                "Idempotency-Key"?: string;
                /** @description The ETag that the edit rests on. */
                "If-Match"?: string;
            };
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The doctor is not in the catalogue. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    edit_doctor: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and body within 24 h gets the first answer, and nothing is done twice. */
                "Idempotency-Key"?: string;
                /** @description The ETag that the edit rests on. */
                "If-Match"?: string;
            };
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DoctorEditBody"];
            };
        };
        responses: {
            /** @description The doctor as known now. */
            200: {
                headers: {
                    /** @description The revision, on single things that have one. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DoctorAnswer"];
                };
            };
            /** @description It is done, and the caller's role sees nothing of it. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    list_endpoints: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Every endpoint, by id. */
            200: {
                headers: {
                    /** @description The revision, on single things that have one. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EndpointsAnswer"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            421: components["responses"]["Problem421"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    create_endpoint: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewEndpointBody"];
            };
        };
        responses: {
            /** @description The endpoint, and its secret, told once. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EndpointAnswer"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    show_endpoint: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The endpoint. */
            200: {
                headers: {
                    /** @description The revision, on single things that have one. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EndpointAnswer"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    delete_endpoint: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that the edit rests on. */
                "If-Match"?: string;
            };
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    edit_endpoint: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that the edit rests on. */
                "If-Match"?: string;
            };
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EndpointEditBody"];
            };
        };
        responses: {
            /** @description The endpoint as it is now. */
            200: {
                headers: {
                    /** @description The revision, on single things that have one. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EndpointAnswer"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    list_delivery_attempts: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The last tries, newest first. */
            200: {
                headers: {
                    /** @description The revision, on single things that have one. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AttemptsAnswer"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    list_dead_letters: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Events that it will not get by itself, newest first. */
            200: {
                headers: {
                    /** @description The revision, on single things that have one. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeadLettersAnswer"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    dismiss_dead_letters: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description They are forgotten. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    replay_to_endpoint: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReplayBody"];
            };
        };
        responses: {
            /** @description The events are sent once more, in their turn. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReplayAnswer"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    resume_endpoint: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ResumeBody"];
            };
        };
        responses: {
            /** @description The endpoint as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EndpointAnswer"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    rotate_endpoint_secret: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RotateEndpointBody"];
            };
        };
        responses: {
            /** @description The endpoint, and its new secret, told once. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EndpointAnswer"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    test_endpoint: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A ping was sent; this came of it. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AttemptAnswer"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    list_equipment: {
        parameters: {
            query?: {
                status?: components["schemas"]["EquipmentStatus"];
                type?: string;
                /** @description What stands in this room. */
                room_id?: components["schemas"]["Id"];
                limit?: number;
                /** @description `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The equipment, by id. */
            200: {
                headers: {
                    /** @description The revision, on single things that have one. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EquipmentListAnswer"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    create_equipment: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and body within 24 h gets the first answer, and nothing is done twice. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewEquipmentBody"];
            };
        };
        responses: {
            /** @description The piece is made. */
            201: {
                headers: {
                    /** @description The revision. */
                    ETag?: string;
                    /** @description Where the new thing is. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EquipmentAnswer"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    show_equipment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The piece of equipment. */
            200: {
                headers: {
                    /** @description The revision, on single things that have one. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EquipmentAnswer"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            421: components["responses"]["Problem421"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    put_equipment: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and body within 24 h gets the first answer, and nothing is done twice. */
                "Idempotency-Key"?: string;
                /** @description The ETag that the edit rests on. */
                "If-Match"?: string;
            };
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EquipmentEditBody"];
            };
        };
        responses: {
            /** @description The piece as it is now. */
            200: {
                headers: {
                    /** @description The revision, on single things that have one. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EquipmentAnswer"];
                };
            };
            /** @description It is done, and the caller's role sees nothing of it. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    retire_equipment: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and body within 24 h gets the first answer, and nothing is done twice. */
                "Idempotency-Key"?: string;
                /** @description The ETag that the edit rests on. */
                "If-Match"?: string;
            };
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The piece is not in the catalogue. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    edit_equipment: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and body within 24 h gets the first answer, and nothing is done twice. */
                "Idempotency-Key"?: string;
                /** @description The ETag that the edit rests on. */
                "If-Match"?: string;
            };
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EquipmentEditBody"];
            };
        };
        responses: {
            /** @description The piece as it is now. */
            200: {
                headers: {
                    /** @description The revision, on single things that have one. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EquipmentAnswer"];
                };
            };
            /** @description It is done, and the caller's role sees nothing of it. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    log_maintenance: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and body within 24 h gets the first answer, and nothing is done twice. */
                "Idempotency-Key"?: string;
                /** @description The ETag that the edit rests on. */
                "If-Match"?: string;
            };
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MaintenanceBody"];
            };
        };
        responses: {
            /** @description The piece with the entry in its log. */
            200: {
                headers: {
                    /** @description The revision, on single things that have one. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EquipmentAnswer"];
                };
            };
            /** @description It is done, and the caller's role sees nothing of it. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    set_equipment_status: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and body within 24 h gets the first answer, and nothing is done twice. */
                "Idempotency-Key"?: string;
                /** @description The ETag that the edit rests on. */
                "If-Match"?: string;
            };
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EquipmentStatusBody"];
            };
        };
        responses: {
            /** @description The piece as it is now. */
            200: {
                headers: {
                    /** @description The revision, on single things that have one. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EquipmentAnswer"];
                };
            };
            /** @description It is done, and the caller's role sees nothing of it. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    stream_events: {
        parameters: {
            query: {
                /**
                 * @description The channels, with commas between them.
                 * @example facility,tasks
                 */
                channels: string;
                /** @description Begin with the state. */
                snapshot?: boolean;
                /** @description A ticket of `POST /api/auth/ticket`, for who cannot send headers. */
                ticket?: string;
                /** @description The cursor to resume from, when there is no `Last-Event-ID`. */
                since?: string;
            };
            header?: {
                /** @description The cursor to resume from: the `id` of the last event. */
                "Last-Event-ID"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Frames of hub/1, each as one event (docs/hub.md). It ends with `goodbye`. */
            200: {
                headers: {
                    /** @description The revision, on single things that have one. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    facility_list_doctors: {
        parameters: {
            query?: {
                specialty?: string;
                limit?: number;
                /** @description `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The doctors, by id. */
            200: {
                headers: {
                    /** @description The revision, on single things that have one. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DoctorsAnswer"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    facility_create_doctor: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and body within 24 h gets the first answer, and nothing is done twice. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewDoctorBody"];
            };
        };
        responses: {
            /** @description The doctor is taken in. */
            201: {
                headers: {
                    /** @description The revision. */
                    ETag?: string;
                    /** @description Where the new thing is. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DoctorAnswer"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    facility_show_doctor: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The doctor. */
            200: {
                headers: {
                    /** @description The revision, on single things that have one. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DoctorAnswer"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            421: components["responses"]["Problem421"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    facility_put_doctor: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and body within 24 h gets the first answer, and nothing is done twice. */
                "Idempotency-Key"?: string;
                /** @description The ETag that the edit rests on. */
                "If-Match"?: string;
            };
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DoctorEditBody"];
            };
        };
        responses: {
            /** @description The doctor as known now. */
            200: {
                headers: {
                    /** @description The revision, on single things that have one. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DoctorAnswer"];
                };
            };
            /** @description It is done, and the caller's role sees nothing of it. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    facility_retire_doctor: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and body within 24 h gets the first answer, and nothing is done twice. */
                "Idempotency-Key"?: string;
                /** @description The ETag that the edit rests on. */
                "If-Match"?: string;
            };
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The doctor is not in the catalogue. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    facility_edit_doctor: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and body within 24 h gets the first answer, and nothing is done twice. */
                "Idempotency-Key"?: string;
                /** @description The ETag that the edit rests on. */
                "If-Match"?: string;
            };
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DoctorEditBody"];
            };
        };
        responses: {
            /** @description The doctor as known now. */
            200: {
                headers: {
                    /** @description The revision, on single things that have one. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DoctorAnswer"];
                };
            };
            /** @description It is done, and the caller's role sees nothing of it. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    facility_list_equipment: {
        parameters: {
            query?: {
                status?: components["schemas"]["EquipmentStatus"];
                type?: string;
                /** @description What stands in this room. */
                room_id?: components["schemas"]["Id"];
                limit?: number;
                /** @description `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The equipment, by id. */
            200: {
                headers: {
                    /** @description The revision, on single things that have one. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EquipmentListAnswer"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    facility_create_equipment: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and body within 24 h gets the first answer, and nothing is done twice. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewEquipmentBody"];
            };
        };
        responses: {
            /** @description The piece is made. */
            201: {
                headers: {
                    /** @description The revision. */
                    ETag?: string;
                    /** @description Where the new thing is. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EquipmentAnswer"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    facility_show_equipment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The piece of equipment. */
            200: {
                headers: {
                    /** @description The revision, on single things that have one. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EquipmentAnswer"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            421: components["responses"]["Problem421"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    facility_put_equipment: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and body within 24 h gets the first answer, and nothing is done twice. */
                "Idempotency-Key"?: string;
                /** @description The ETag that the edit rests on. */
                "If-Match"?: string;
            };
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EquipmentEditBody"];
            };
        };
        responses: {
            /** @description The piece as it is now. */
            200: {
                headers: {
                    /** @description The revision, on single things that have one. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EquipmentAnswer"];
                };
            };
            /** @description It is done, and the caller's role sees nothing of it. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    facility_retire_equipment: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and body within 24 h gets the first answer, and nothing is done twice. */
                "Idempotency-Key"?: string;
                /** @description The ETag that the edit rests on. */
                "If-Match"?: string;
            };
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The piece is not in the catalogue. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    facility_edit_equipment: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and body within 24 h gets the first answer, and nothing is done twice. */
                "Idempotency-Key"?: string;
                /** @description The ETag that the edit rests on. */
                "If-Match"?: string;
            };
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EquipmentEditBody"];
            };
        };
        responses: {
            /** @description The piece as it is now. */
            200: {
                headers: {
                    /** @description The revision, on single things that have one. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EquipmentAnswer"];
                };
            };
            /** @description It is done, and the caller's role sees nothing of it. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    facility_log_maintenance: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and body within 24 h gets the first answer, and nothing is done twice. */
                "Idempotency-Key"?: string;
                /** @description The ETag that the edit rests on. */
                "If-Match"?: string;
            };
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MaintenanceBody"];
            };
        };
        responses: {
            /** @description The piece with the entry in its log. */
            200: {
                headers: {
                    /** @description The revision, on single things that have one. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EquipmentAnswer"];
                };
            };
            /** @description It is done, and the caller's role sees nothing of it. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    facility_set_equipment_status: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and body within 24 h gets the first answer, and nothing is done twice. */
                "Idempotency-Key"?: string;
                /** @description The ETag that the edit rests on. */
                "If-Match"?: string;
            };
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EquipmentStatusBody"];
            };
        };
        responses: {
            /** @description The piece as it is now. */
            200: {
                headers: {
                    /** @description The revision, on single things that have one. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EquipmentAnswer"];
                };
            };
            /** @description It is done, and the caller's role sees nothing of it. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    facility_list_rooms: {
        parameters: {
            query?: {
                status?: components["schemas"]["RoomStatus"];
                type?: components["schemas"]["RoomKind"];
                /** @description In use by this doctor. */
                doctor_id?: components["schemas"]["Id"];
                limit?: number;
                /** @description `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The rooms, by id. */
            200: {
                headers: {
                    /** @description The revision, on single things that have one. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RoomsAnswer"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    facility_create_room: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and body within 24 h gets the first answer, and nothing is done twice. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewRoomBody"];
            };
        };
        responses: {
            /** @description The room is made. */
            201: {
                headers: {
                    /** @description The revision. */
                    ETag?: string;
                    /** @description Where the new thing is. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RoomAnswer"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    facility_show_room: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The room. */
            200: {
                headers: {
                    /** @description The revision, on single things that have one. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RoomAnswer"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            421: components["responses"]["Problem421"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    facility_put_room: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and body within 24 h gets the first answer, and nothing is done twice. */
                "Idempotency-Key"?: string;
                /** @description The ETag that the edit rests on. */
                "If-Match"?: string;
            };
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RoomEditBody"];
            };
        };
        responses: {
            /** @description The room as it is now. */
            200: {
                headers: {
                    /** @description The revision, on single things that have one. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RoomAnswer"];
                };
            };
            /** @description It is done, and the caller's role sees nothing of it. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    facility_retire_room: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and body within 24 h gets the first answer, and nothing is done twice. */
                "Idempotency-Key"?: string;
                /** @description The ETag that the edit rests on. */
                "If-Match"?: string;
            };
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The room is not in the catalogue. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    facility_edit_room: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and body within 24 h gets the first answer, and nothing is done twice. */
                "Idempotency-Key"?: string;
                /** @description The ETag that the edit rests on. */
                "If-Match"?: string;
            };
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RoomEditBody"];
            };
        };
        responses: {
            /** @description The room as it is now. */
            200: {
                headers: {
                    /** @description The revision, on single things that have one. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RoomAnswer"];
                };
            };
            /** @description It is done, and the caller's role sees nothing of it. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    facility_forget_source: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and body within 24 h gets the first answer, and nothing is done twice. */
                "Idempotency-Key"?: string;
                /** @description The ETag that the edit rests on. */
                "If-Match"?: string;
            };
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ForgetBody"];
            };
        };
        responses: {
            /** @description The room as it is now. */
            200: {
                headers: {
                    /** @description The revision, on single things that have one. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RoomAnswer"];
                };
            };
            /** @description It is done, and the caller's role sees nothing of it. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    facility_pause_sensing: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and body within 24 h gets the first answer, and nothing is done twice. */
                "Idempotency-Key"?: string;
                /** @description The ETag that the edit rests on. */
                "If-Match"?: string;
            };
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SensingBody"];
            };
        };
        responses: {
            /** @description The room as it is now. */
            200: {
                headers: {
                    /** @description The revision, on single things that have one. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RoomAnswer"];
                };
            };
            /** @description It is done, and the caller's role sees nothing of it. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    facility_set_room_status: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and body within 24 h gets the first answer, and nothing is done twice. */
                "Idempotency-Key"?: string;
                /** @description The ETag that the edit rests on. */
                "If-Match"?: string;
            };
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RoomStatusBody"];
            };
        };
        responses: {
            /** @description The room as it is now. */
            200: {
                headers: {
                    /** @description The revision, on single things that have one. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RoomAnswer"];
                };
            };
            /** @description It is done, and the caller's role sees nothing of it. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    show_facility_status: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The clinic at a glance. */
            200: {
                headers: {
                    /** @description The revision, on single things that have one. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FacilityStatus"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            421: components["responses"]["Problem421"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    facility_show_utilization: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How much each room was used; docs/utilization.md defines each number. */
            200: {
                headers: {
                    /** @description The revision, on single things that have one. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Utilization"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            421: components["responses"]["Problem421"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    show_health: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Commands are accepted. */
            200: {
                headers: {
                    /** @description The revision, on single things that have one. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            403: components["responses"]["Problem403"];
            421: components["responses"]["Problem421"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            /** @description Commands are not accepted. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
        };
    };
    export_journal: {
        parameters: {
            query?: {
                /** @description The events after this cursor; from the oldest one without it. */
                since?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Events, one a line. */
            200: {
                headers: {
                    /** @description The revision, on single things that have one. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": string;
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    list_keys: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The keys, by id. */
            200: {
                headers: {
                    /** @description The revision, on single things that have one. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeysAnswer"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    create_key: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewKeyBody"];
            };
        };
        responses: {
            /** @description The key, and its secret, told once. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewKeyAnswer"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    revoke_key: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The key is no longer good. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    rotate_key: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RotateBody"];
            };
        };
        responses: {
            /** @description The key, and its new secret, told once. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewKeyAnswer"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    show_day: {
        parameters: {
            query?: {
                /** @description A day on the clinic's wall, such as 2026-02-06; today when there is none. */
                date?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What the day came to. */
            200: {
                headers: {
                    /** @description The revision, on single things that have one. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DailyAnswer"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    show_trends: {
        parameters: {
            query?: {
                days?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What the last days came to. */
            200: {
                headers: {
                    /** @description The revision, on single things that have one. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TrendsAnswer"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    list_people: {
        parameters: {
            query?: {
                limit?: number;
                /** @description `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The people, by id. */
            200: {
                headers: {
                    /** @description The revision, on single things that have one. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PeopleAnswer"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    poll_events: {
        parameters: {
            query: {
                /**
                 * @description The channels, with commas between them.
                 * @example facility,tasks
                 */
                channels: string;
                /** @description Begin with the state. */
                snapshot?: boolean;
                /** @description A ticket of `POST /api/auth/ticket`, for who cannot send headers. */
                ticket?: string;
                /** @description The `cursor` of the last answer; without one, the state comes first. */
                cursor?: string;
                /** @description How long to wait for something new, in seconds; 25 when there is none. */
                wait_s?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What happened since the cursor; nothing, when nothing did in that time. */
            200: {
                headers: {
                    /** @description The revision, on single things that have one. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Polled"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    list_readings: {
        parameters: {
            query?: {
                /** @description What is measured, such as `equipment:eq-1`, `room:room-1`, `environment:fridge-1` or `device:plug-1`. */
                of?: string;
                limit?: number;
                /** @description `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The newest value of each series, by series, however old it is. */
            200: {
                headers: {
                    /** @description The revision, on single things that have one. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReadingsAnswer"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    show_readings: {
        parameters: {
            query?: {
                /** @description From when; a day before `to` when there is none. Moved back to where a step begins. */
                from?: components["schemas"]["Time"];
                /** @description Up to and without this; now when there is none. */
                to?: components["schemas"]["Time"];
                /** @description How long a step is, in seconds: less than a minute, or a whole number of minutes. */
                step_s?: number;
            };
            header?: never;
            path: {
                /** @description The series, such as `equipment:eq-1:power`. */
                series: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The points of the series. */
            200: {
                headers: {
                    /** @description The revision, on single things that have one. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PointsAnswer"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    list_rooms: {
        parameters: {
            query?: {
                status?: components["schemas"]["RoomStatus"];
                type?: components["schemas"]["RoomKind"];
                /** @description In use by this doctor. */
                doctor_id?: components["schemas"]["Id"];
                limit?: number;
                /** @description `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The rooms, by id. */
            200: {
                headers: {
                    /** @description The revision, on single things that have one. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RoomsAnswer"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    create_room: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and body within 24 h gets the first answer, and nothing is done twice. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewRoomBody"];
            };
        };
        responses: {
            /** @description The room is made. */
            201: {
                headers: {
                    /** @description The revision. */
                    ETag?: string;
                    /** @description Where the new thing is. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RoomAnswer"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    show_room: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The room. */
            200: {
                headers: {
                    /** @description The revision, on single things that have one. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RoomAnswer"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            421: components["responses"]["Problem421"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    put_room: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and body within 24 h gets the first answer, and nothing is done twice. */
                "Idempotency-Key"?: string;
                /** @description The ETag that the edit rests on. */
                "If-Match"?: string;
            };
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RoomEditBody"];
            };
        };
        responses: {
            /** @description The room as it is now. */
            200: {
                headers: {
                    /** @description The revision, on single things that have one. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RoomAnswer"];
                };
            };
            /** @description It is done, and the caller's role sees nothing of it. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    retire_room: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and body within 24 h gets the first answer, and nothing is done twice. */
                "Idempotency-Key"?: string;
                /** @description The ETag that the edit rests on. */
                "If-Match"?: string;
            };
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The room is not in the catalogue. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    edit_room: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and body within 24 h gets the first answer, and nothing is done twice. */
                "Idempotency-Key"?: string;
                /** @description The ETag that the edit rests on. */
                "If-Match"?: string;
            };
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RoomEditBody"];
            };
        };
        responses: {
            /** @description The room as it is now. */
            200: {
                headers: {
                    /** @description The revision, on single things that have one. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RoomAnswer"];
                };
            };
            /** @description It is done, and the caller's role sees nothing of it. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    forget_source: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and body within 24 h gets the first answer, and nothing is done twice. */
                "Idempotency-Key"?: string;
                /** @description The ETag that the edit rests on. */
                "If-Match"?: string;
            };
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ForgetBody"];
            };
        };
        responses: {
            /** @description The room as it is now. */
            200: {
                headers: {
                    /** @description The revision, on single things that have one. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RoomAnswer"];
                };
            };
            /** @description It is done, and the caller's role sees nothing of it. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    pause_sensing: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and body within 24 h gets the first answer, and nothing is done twice. */
                "Idempotency-Key"?: string;
                /** @description The ETag that the edit rests on. */
                "If-Match"?: string;
            };
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SensingBody"];
            };
        };
        responses: {
            /** @description The room as it is now. */
            200: {
                headers: {
                    /** @description The revision, on single things that have one. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RoomAnswer"];
                };
            };
            /** @description It is done, and the caller's role sees nothing of it. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    set_room_status: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and body within 24 h gets the first answer, and nothing is done twice. */
                "Idempotency-Key"?: string;
                /** @description The ETag that the edit rests on. */
                "If-Match"?: string;
            };
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RoomStatusBody"];
            };
        };
        responses: {
            /** @description The room as it is now. */
            200: {
                headers: {
                    /** @description The revision, on single things that have one. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RoomAnswer"];
                };
            };
            /** @description It is done, and the caller's role sees nothing of it. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    list_tasks: {
        parameters: {
            query?: {
                status?: components["schemas"]["TaskStatus"];
                type?: string;
                priority?: components["schemas"]["Urgency"];
                /** @description `staff`, `agent`, or a user's id. */
                assignee?: components["schemas"]["Id"];
                doctor_id?: components["schemas"]["Id"];
                room_id?: components["schemas"]["Id"];
                equipment_id?: components["schemas"]["Id"];
                limit?: number;
                /** @description `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The tasks, oldest first: all open ones, and the newest closed ones; `/api/tasks/history` has the others. */
            200: {
                headers: {
                    /** @description The revision, on single things that have one. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TasksAnswer"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    create_task: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and body within 24 h gets the first answer, and nothing is done twice. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewTaskBody"];
            };
        };
        responses: {
            /** @description The task is written. */
            201: {
                headers: {
                    /** @description The revision. */
                    ETag?: string;
                    /** @description Where the new thing is. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaskAnswer"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    list_closed_tasks: {
        parameters: {
            query?: {
                status?: components["schemas"]["TaskStatus"];
                type?: string;
                priority?: components["schemas"]["Urgency"];
                /** @description `staff`, `agent`, or a user's id. */
                assignee?: components["schemas"]["Id"];
                doctor_id?: components["schemas"]["Id"];
                room_id?: components["schemas"]["Id"];
                equipment_id?: components["schemas"]["Id"];
                limit?: number;
                /** @description `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The closed tasks. */
            200: {
                headers: {
                    /** @description The revision, on single things that have one. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TasksAnswer"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    show_task: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The task. */
            200: {
                headers: {
                    /** @description The revision, on single things that have one. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaskAnswer"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            421: components["responses"]["Problem421"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    put_task: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and body within 24 h gets the first answer, and nothing is done twice. */
                "Idempotency-Key"?: string;
                /** @description The ETag that the edit rests on. */
                "If-Match"?: string;
            };
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TaskEditBody"];
            };
        };
        responses: {
            /** @description The task as it is now. */
            200: {
                headers: {
                    /** @description The revision, on single things that have one. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaskAnswer"];
                };
            };
            /** @description It is done, and the caller's role sees nothing of it. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    delete_task: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and body within 24 h gets the first answer, and nothing is done twice. */
                "Idempotency-Key"?: string;
                /** @description The ETag that the edit rests on. */
                "If-Match"?: string;
            };
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The task is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    edit_task: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and body within 24 h gets the first answer, and nothing is done twice. */
                "Idempotency-Key"?: string;
                /** @description The ETag that the edit rests on. */
                "If-Match"?: string;
            };
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TaskEditBody"];
            };
        };
        responses: {
            /** @description The task as it is now. */
            200: {
                headers: {
                    /** @description The revision, on single things that have one. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaskAnswer"];
                };
            };
            /** @description It is done, and the caller's role sees nothing of it. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    answer_task: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and body within 24 h gets the first answer, and nothing is done twice. */
                "Idempotency-Key"?: string;
                /** @description The ETag that the edit rests on. */
                "If-Match"?: string;
            };
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AnswerBody"];
            };
        };
        responses: {
            /** @description The task as it is now. */
            200: {
                headers: {
                    /** @description The revision, on single things that have one. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaskAnswer"];
                };
            };
            /** @description It is done, and the caller's role sees nothing of it. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    approve_task: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and body within 24 h gets the first answer, and nothing is done twice. */
                "Idempotency-Key"?: string;
                /** @description The ETag that the edit rests on. */
                "If-Match"?: string;
            };
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ApprovalBody"];
            };
        };
        responses: {
            /** @description The task, to be done now. */
            200: {
                headers: {
                    /** @description The revision, on single things that have one. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaskAnswer"];
                };
            };
            /** @description It is done, and the caller's role sees nothing of it. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    add_task_note: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and body within 24 h gets the first answer, and nothing is done twice. */
                "Idempotency-Key"?: string;
                /** @description The ETag that the edit rests on. */
                "If-Match"?: string;
            };
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NoteBody"];
            };
        };
        responses: {
            /** @description The task with the remark. */
            200: {
                headers: {
                    /** @description The revision, on single things that have one. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaskAnswer"];
                };
            };
            /** @description It is done, and the caller's role sees nothing of it. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    reject_task: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and body within 24 h gets the first answer, and nothing is done twice. */
                "Idempotency-Key"?: string;
                /** @description The ETag that the edit rests on. */
                "If-Match"?: string;
            };
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RejectionBody"];
            };
        };
        responses: {
            /** @description The task, cancelled. */
            200: {
                headers: {
                    /** @description The revision, on single things that have one. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaskAnswer"];
                };
            };
            /** @description It is done, and the caller's role sees nothing of it. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    list_tokens: {
        parameters: {
            query?: {
                user_id?: components["schemas"]["Id"];
                kind?: "user" | "kiosk";
                limit?: number;
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The tokens, by id. */
            200: {
                headers: {
                    /** @description The revision, on single things that have one. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokensAnswer"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    create_token: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewTokenBody"];
            };
        };
        responses: {
            /** @description The token, and its secret, told once. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewTokenAnswer"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    revoke_token: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The token is no longer good. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    list_users: {
        parameters: {
            query?: {
                role?: "admin" | "head_doctor" | "doctor" | "nurse" | "medical_assistant" | "operator" | "viewer" | "kiosk" | "device" | "agent" | "peer";
                disabled?: boolean;
                limit?: number;
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The accounts, by id. */
            200: {
                headers: {
                    /** @description The revision, on single things that have one. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UsersAnswer"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    create_user: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewUserBody"];
            };
        };
        responses: {
            /** @description The account is made. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserAnswer"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    show_user: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The account. */
            200: {
                headers: {
                    /** @description The revision, on single things that have one. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserAnswer"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    disable_user: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that the edit rests on. */
                "If-Match"?: string;
            };
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The account is closed and its tokens have ended. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    edit_user: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that the edit rests on. */
                "If-Match"?: string;
            };
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UserEditBody"];
            };
        };
        responses: {
            /** @description The account as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserAnswer"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    set_user_password: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewPasswordBody"];
            };
        };
        responses: {
            /** @description The account has the new password; its other tokens have ended. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    show_utilization: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How much each room was used; docs/utilization.md defines each number. */
            200: {
                headers: {
                    /** @description The revision, on single things that have one. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Utilization"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            421: components["responses"]["Problem421"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    take_claw_action: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and body within 24 h gets the first answer, and nothing is done twice. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ClawAction"];
            };
        };
        responses: {
            /** @description It is written. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ActionTaken"];
                };
            };
            /** @description The agent is only observed: it is noted, and nothing is made. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ActionTaken"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    take_claw_task: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and body within 24 h gets the first answer, and nothing is done twice. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ClawTask"];
            };
        };
        responses: {
            /** @description It is written. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaskTaken"];
                };
            };
            /** @description The agent is only observed: it is noted, and nothing is made. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaskTaken"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    show_webhooks_health: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Webhooks are taken. */
            200: {
                headers: {
                    /** @description The revision, on single things that have one. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhooksHealth"];
                };
            };
            403: components["responses"]["Problem403"];
            421: components["responses"]["Problem421"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            /** @description Webhooks are not taken. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhooksHealth"];
                };
            };
        };
    };
    take_opencv_event: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and body within 24 h gets the first answer, and nothing is done twice. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EventBody"];
            };
        };
        responses: {
            /** @description The event was taken; `processed` says whether it was believed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventAnswer"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    show_frames: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description JSON Schemas of every frame of hub/1. */
            200: {
                headers: {
                    /** @description The revision, on single things that have one. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/schema+json": unknown;
                };
            };
            403: components["responses"]["Problem403"];
            421: components["responses"]["Problem421"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    show_hub_stats: {
        parameters: {
            query?: {
                /** @description The newest days to show; 7 when there is none. */
                days?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Who listens to what, what was sent since the start, and on each day. */
            200: {
                headers: {
                    /** @description The revision, on single things that have one. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Stats"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            421: components["responses"]["Problem421"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
}
