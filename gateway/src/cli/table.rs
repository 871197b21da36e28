//! Plain aligned tables for people and pipes.

/// The rows below their heads, each column as wide as it needs. A letter that could steer a terminal is written
/// out: what stands in a table was typed by somebody else.
pub(super) fn table<const N: usize>(heads: [&str; N], rows: impl IntoIterator<Item = [String; N]>) -> String {
    let rows: Vec<[String; N]> = rows.into_iter().map(|row| row.map(|cell| plain(&cell))).collect();
    let heads = heads.map(str::to_owned);
    let width = |n: usize| {
        let cells = rows.iter().chain([&heads]).map(|row| row[n].chars().count());
        cells.max().unwrap_or(0)
    };
    let widths: [usize; N] = std::array::from_fn(width);
    let line = |row: &[String; N]| {
        let cells = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}"));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    [&heads].into_iter().chain(&rows).map(line).collect::<Vec<_>>().join("\n")
}

/// A cell without control characters; `-` for an empty one, so that columns can be counted.
fn plain(cell: &str) -> String {
    if cell.is_empty() {
        return "-".into();
    }
    let letter =
        |letter: char| if letter.is_control() { letter.escape_default().to_string() } else { letter.into() };
    cell.chars().map(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned_and_nothing_steers_the_terminal() {
        let rows =
            [["1".to_owned(), "Ülo".into(), String::new()], ["22".into(), "\u{1b}[2J".into(), "x".into()]];
        let expected = "id  name       role\n1   Ülo        -\n22  \\u{1b}[2J  x";
        assert_eq!(table(["id", "name", "role"], rows), expected);
    }
}
