//! Topics and filters, as MQTT 3.1.1 section 4.7 has them.

/// The longest topic, in bytes: it becomes a key of a table, and nobody needs more.
pub(super) const TOPIC_BYTES_MAX: usize = 512;

/// True for a topic that a message can have: not empty, without wildcards.
pub(super) fn is_name(topic: &str) -> bool {
    (1..=TOPIC_BYTES_MAX).contains(&topic.len()) && !topic.contains(['+', '#', '\0'])
}

/// True for a filter: `+` is a whole level, `#` the last one.
pub(super) fn is_filter(filter: &str) -> bool {
    if !(1..=TOPIC_BYTES_MAX).contains(&filter.len()) || filter.contains('\0') {
        return false;
    }
    let mut levels = filter.split('/').peekable();
    while let Some(level) = levels.next() {
        let fits = match level {
            "#" => levels.peek().is_none(),
            "+" => true,
            other => !other.contains(['+', '#']),
        };
        if !fits {
            return false;
        }
    }
    true
}

/// True when `filter` takes `topic`. Wildcards at the begin take no topic that begins with `$`.
pub(super) fn matches(filter: &str, topic: &str) -> bool {
    if topic.starts_with('$') && filter.starts_with(['+', '#']) {
        return false;
    }
    let (mut wanted, mut given) = (filter.split('/'), topic.split('/'));
    loop {
        match (wanted.next(), given.next()) {
            (Some("#"), _) | (None, None) => return true,
            (Some("+"), Some(_)) => {}
            (Some(one), Some(other)) if one == other => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_take_what_the_specification_says() {
        for (filter, topic) in [
            ("a/b", "a/b"),
            ("a/+", "a/b"),
            ("a/+", "a/"),
            ("+/+", "/a"),
            ("a/#", "a"),
            ("a/#", "a/b/c"),
            ("#", "a/b"),
        ] {
            assert!(matches(filter, topic), "{filter} {topic}");
        }
        for (filter, topic) in
            [("a/+", "a"), ("a/+", "a/b/c"), ("a", "a/b"), ("#", "$SYS/a"), ("+/a", "$SYS/a"), ("a/b", "a/B")]
        {
            assert!(!matches(filter, topic), "{filter} {topic}");
        }
    }

    #[test]
    fn what_is_no_filter_is_refused() {
        for filter in ["", "a/#/b", "a#", "a+/b", "a\0"] {
            assert!(!is_filter(filter), "{filter:?}");
        }
        assert!(is_filter("+/a/#") && is_name("a/b c") && !is_name("a/+"));
    }
}
