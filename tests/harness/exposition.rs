//! A strict reader of Prometheus' text format: what a scraper would refuse, or misread, is an error here.

use std::collections::BTreeMap;

/// One metric of a scrape, with all its samples.
#[derive(Debug, Default)]
pub struct Family {
    /// `counter`, `gauge` or `histogram`.
    pub kind: String,
    /// Its help text.
    pub help: String,
    /// Each sample: name, labels, value.
    pub samples: Vec<(String, Labels, f64)>,
}

/// The labels of a sample.
pub type Labels = BTreeMap<String, String>;

/// What `/metrics` said.
#[derive(Debug, Default)]
pub struct Exposition(pub BTreeMap<String, Family>);

impl Exposition {
    /// Reads `text`.
    ///
    /// # Errors
    ///
    /// The line, and what is wrong with it.
    pub fn read(text: &str) -> Result<Self, String> {
        if !text.ends_with('\n') {
            return Err("the last line has no end".into());
        }
        let (mut families, mut current) = (BTreeMap::<String, Family>::new(), String::new());
        for line in text.lines().filter(|line| !line.is_empty()) {
            let complaint = |what: &str| format!("{what}: {line}");
            if let Some(rest) = line.strip_prefix("# HELP ") {
                let (name, help) = rest.split_once(' ').ok_or_else(|| complaint("a help without text"))?;
                current = name.to_owned();
                let help = Family { help: help.into(), ..Family::default() };
                if families.insert(current.clone(), help).is_some() {
                    return Err(complaint("a family comes twice"));
                }
            } else if let Some(rest) = line.strip_prefix("# TYPE ") {
                let (name, kind) = rest.split_once(' ').ok_or_else(|| complaint("a type without a word"))?;
                let family = families.get_mut(name).filter(|family| family.kind.is_empty());
                let family = family.filter(|_| name == current).ok_or_else(|| complaint("a type alone"))?;
                if !["counter", "gauge", "histogram"].contains(&kind) {
                    return Err(complaint("an unknown type"));
                }
                family.kind = kind.into();
            } else {
                let sample = sample(line).map_err(|what| complaint(&what))?;
                let family = families.get_mut(&current).ok_or_else(|| complaint("a sample of nothing"))?;
                check_name(&current, family, &sample.0).map_err(|what| complaint(&what))?;
                if family.samples.iter().any(|(name, labels, _)| (name, labels) == (&sample.0, &sample.1)) {
                    return Err(complaint("a sample comes twice"));
                }
                family.samples.push(sample);
            }
        }
        families.iter().try_for_each(|(name, family)| check_family(name, family))?;
        Ok(Self(families))
    }

    /// Connections of the hub that ended with this close code.
    pub fn closes(&self, code: u16) -> u64 {
        let closes = self.value("caresync_hub_closes_total", &[("code", &code.to_string())]);
        closes.map_or(0, |count| format!("{count:.0}").parse().expect("a counter counts whole things"))
    }

    /// The sample `name` with exactly these labels.
    pub fn value(&self, name: &str, labels: &[(&str, &str)]) -> Option<f64> {
        let wanted: Labels = labels.iter().map(|(key, value)| ((*key).into(), (*value).into())).collect();
        let mut samples = self.0.values().flat_map(|family| &family.samples);
        samples.find(|(own, labels, _)| own == name && *labels == wanted).map(|(_, _, value)| *value)
    }
}

fn sample(line: &str) -> Result<(String, Labels, f64), String> {
    let (series, value) = line.rsplit_once(' ').ok_or("a sample without a value")?;
    let value = match value {
        "+Inf" => f64::INFINITY,
        value => value.parse::<f64>().ok().filter(|it| it.is_finite()).ok_or("a value that is no number")?,
    };
    let Some((name, labels)) = series.split_once('{') else {
        return Ok((word(series)?, Labels::new(), value));
    };
    let mut rest = labels.strip_suffix('}').ok_or("labels without an end")?;
    let mut read = Labels::new();
    while !rest.is_empty() {
        let (key, after) = rest.split_once("=\"").ok_or("a label without a value")?;
        let (value, after) = quoted(after)?;
        if read.insert(word(key)?, value).is_some() {
            return Err("a label comes twice".into());
        }
        rest = match after.strip_prefix(',') {
            Some(more) if !more.is_empty() => more,
            None if after.is_empty() => after,
            _ => return Err("labels that are not divided by a comma".into()),
        };
    }
    Ok((word(name)?, read, value))
}

/// The text up to the closing quote, unescaped, and what follows.
fn quoted(text: &str) -> Result<(String, &str), String> {
    let (mut value, mut letters) = (String::new(), text.char_indices());
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return Ok((value, &text[at + 1..])),
            '\\' => match letters.next() {
                Some((_, 'n')) => value.push('\n'),
                Some((_, escaped @ ('\\' | '"'))) => value.push(escaped),
                _ => return Err("an unknown escape".into()),
            },
            letter => value.push(letter),
        }
    }
    Err("a value without an end".into())
}

fn word(text: &str) -> Result<String, String> {
    let is_good = |(at, letter): (usize, char)| {
        letter.is_ascii_alphabetic() || letter == '_' || (at > 0 && letter.is_ascii_digit())
    };
    let is_word = !text.is_empty() && text.char_indices().all(is_good);
    if is_word { Ok(text.into()) } else { Err(format!("\"{text}\" is no name")) }
}

fn check_name(family: &str, of: &Family, name: &str) -> Result<(), String> {
    let is_own = match of.kind.as_str() {
        "" => return Err("a sample before its type".into()),
        "histogram" => ["_bucket", "_sum", "_count"].iter().any(|end| name == format!("{family}{end}")),
        _ => name == family,
    };
    if is_own { Ok(()) } else { Err("a sample of another family".into()) }
}

fn check_family(name: &str, family: &Family) -> Result<(), String> {
    if family.samples.is_empty() {
        return Err(format!("{name} has no samples"));
    }
    if family.kind == "counter" && family.samples.iter().any(|(_, _, value)| *value < 0.0) {
        return Err(format!("{name} counts down"));
    }
    if family.kind != "histogram" {
        return Ok(());
    }
    let counts = family.samples.iter().filter(|(own, ..)| own.ends_with("_count"));
    for (_, labels, count) in counts {
        let of_these = |own: &Labels| own.iter().filter(|(key, _)| *key != "le").eq(labels.iter());
        let buckets =
            family.samples.iter().filter(|(own, labels, _)| own.ends_with("_bucket") && of_these(labels));
        let mut last = (f64::NEG_INFINITY, 0.0);
        for (_, labels, value) in buckets {
            let bound = match labels.get("le").map(String::as_str) {
                Some("+Inf") => f64::INFINITY,
                bound => {
                    bound.and_then(|it| it.parse().ok()).ok_or(format!("{name}: a bucket without a bound"))?
                }
            };
            if bound <= last.0 || *value < last.1 {
                return Err(format!("{name}: buckets are out of order at {bound}"));
            }
            last = (bound, *value);
        }
        if last != (f64::INFINITY, *count) {
            return Err(format!("{name}: the last bucket does not hold all"));
        }
    }
    Ok(())
}
