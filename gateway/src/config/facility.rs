//! `[facility]`: who the clinic is, where, and when it is open.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use crate::domain::calendar::{Calendar, SPANS_PER_DAY_MAX, Span, Week};
use crate::domain::id::HospitalId;

/// The days of the week as the configuration spells them.
const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
/// The most holidays: more than a clinic of any country names for ten years.
const HOLIDAYS_MAX: usize = 366;

/// `[facility]`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct FacilityConfig {
    /// The clinic's own id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Rooms, equipment and doctors, imported once; relative to the configuration file.
    pub seed_file: Option<PathBuf>,
    /// The hospital that it belongs to.
    pub hospital_id: Option<String>,
    /// Its time zone, by the name in the IANA database.
    pub timezone: String,
    /// Its opening hours by day; always open when none are given.
    hours: Option<BTreeMap<String, DayHours>>,
    /// Dates on which it stays closed.
    holidays: Vec<String>,
}

/// The spans of one day: one text, or a list of them.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(transparent)]
struct DayHours(Vec<String>);

impl Default for FacilityConfig {
    fn default() -> Self {
        Self {
            id: "clinic".into(),
            name: "Clinic".into(),
            seed_file: None,
            hospital_id: None,
            timezone: "UTC".into(),
            hours: None,
            holidays: Vec::new(),
        }
    }
}

impl FacilityConfig {
    /// What is wrong with the values: key, and the remedy in words.
    pub(super) fn problems(&self) -> Vec<(String, String)> {
        let mut problems = Vec::new();
        let mut report = |key: &str, remedy: String| problems.push((key.to_owned(), remedy));
        if let Some(Err(error)) = self.hospital_id.as_ref().map(|id| id.parse::<HospitalId>()) {
            report("hospital_id", error.to_string());
        }
        if TimeZone::get(&self.timezone).is_err() {
            let remedy = format!(
                "\"{}\" is no time zone; use a name of the IANA database, such as \"America/Chicago\" or \"UTC\"",
                self.timezone
            );
            report("timezone", remedy);
        }
        for (day, hours) in self.hours.iter().flatten() {
            if let Err(remedy) = hours.spans() {
                report(&format!("hours.{day}"), remedy);
            }
            if !DAYS.contains(&day.as_str()) {
                report(
                    &format!("hours.{day}"),
                    format!("is no day of the week; the days are {}", DAYS.join(", ")),
                );
            }
        }
        if self.hours.as_ref().is_some_and(|week| week.values().all(|day| day.0.is_empty())) {
            report("hours", "opens on no day; leave `hours` out for a clinic that is always open".into());
        }
        for date in &self.holidays {
            if date.parse::<Date>().is_err() {
                report("holidays", format!("\"{date}\" is no date; write one such as \"2026-12-25\""));
            }
        }
        if self.holidays.len() > HOLIDAYS_MAX {
            report("holidays", format!("are {} dates; the most is {HOLIDAYS_MAX}", self.holidays.len()));
        }
        problems
    }

    /// The calendar as the domain knows it. What is wrong with the values was reported before.
    pub fn calendar(&self) -> Calendar {
        let timezone = TimeZone::get(&self.timezone).unwrap_or(TimeZone::UTC);
        let week = self.hours.as_ref().map(|hours| -> Week {
            let spans = |day: &str| hours.get(day).and_then(|day| day.spans().ok()).unwrap_or_default();
            DAYS.map(spans)
        });
        Calendar::new(timezone, week, self.holidays.iter().filter_map(|date| date.parse().ok()))
    }
}

impl DayHours {
    /// The spans, in order; or what is wrong with them.
    fn spans(&self) -> Result<Vec<Span>, String> {
        let mut spans = Vec::new();
        for text in &self.0 {
            spans.push(text.parse::<Span>().map_err(|error| error.to_string())?);
        }
        spans.sort();
        if let Some(pair) = spans.windows(2).find(|pair| pair[0].overlaps(pair[1])) {
            return Err(format!("\"{}\" and \"{}\" overlap; make them one", pair[0], pair[1]));
        }
        if spans.len() > SPANS_PER_DAY_MAX {
            return Err(format!("has {} spans; the most is {SPANS_PER_DAY_MAX}", spans.len()));
        }
        Ok(spans)
    }
}

impl<'de> Deserialize<'de> for DayHours {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Texts;

        impl<'de> Visitor<'de> for Texts {
            type Value = DayHours;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("hours such as \"08:00-18:00\", or a list of them")
            }

            fn visit_str<E>(self, text: &str) -> Result<DayHours, E> {
                Ok(DayHours(vec![text.to_owned()]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut texts: A) -> Result<DayHours, A::Error> {
                let mut hours = DayHours::default();
                while let Some(text) = texts.next_element()? {
                    hours.0.push(text);
                }
                Ok(hours)
            }
        }

        deserializer.deserialize_any(Texts)
    }
}
