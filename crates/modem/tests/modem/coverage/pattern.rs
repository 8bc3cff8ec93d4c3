//! Texts of rows as patterns: literal text, `<name>` for a value, `[` `]` around what may be left out.

/// Whether `line` is `pattern`, without case; with `open`, whether it begins with it.
///
/// A value has at least one character, and neither a comma nor a quote nor a question mark; it does not
/// begin with a blank.
pub fn matches(pattern: &str, line: &str, open: bool) -> bool {
    at(pattern.as_bytes(), line.as_bytes(), open)
}

/// The literal characters of a pattern that must be there: of two that match, the one with more says more.
pub fn weight(pattern: &str) -> usize {
    let (mut inside, mut depth) = (false, 0);
    pattern
        .bytes()
        .filter(|b| {
            inside = *b == b'<' || inside && *b != b'>';
            depth += i32::from(*b == b'[') - i32::from(*b == b']');
            !inside && depth == 0 && !matches!(b, b']' | b'>')
        })
        .count()
}

fn at(pattern: &[u8], line: &[u8], open: bool) -> bool {
    match pattern {
        [] => open || line.is_empty(),
        [b'<', rest @ ..] if rest.first().is_some_and(u8::is_ascii_alphanumeric) => {
            let end = rest.iter().position(|b| *b == b'>').expect("a `<name>` has an end");
            let blank = line.first() == Some(&b' ');
            let most = line.iter().position(|b| matches!(b, b',' | b'"' | b'?')).unwrap_or(line.len());
            !blank && (1..=most).any(|len| at(&rest[end + 1..], &line[len..], open))
        }
        [b'[', rest @ ..] => {
            let end = closing(rest);
            let with = [&rest[..end], &rest[end + 1..]].concat();
            at(&with, line, open) || at(&rest[end + 1..], line, open)
        }
        [first, rest @ ..] => {
            line.first().is_some_and(|b| b.eq_ignore_ascii_case(first)) && at(rest, &line[1..], open)
        }
    }
}

/// Where the bracket is that ends what begins here.
fn closing(text: &[u8]) -> usize {
    let mut depth = 0;
    text.iter()
        .position(|b| {
            depth += i32::from(*b == b'[') - i32::from(*b == b']');
            depth < 0
        })
        .expect("brackets come in pairs")
}

#[test]
fn values_options_and_literals() {
    let start = r#"AT+CIPSTART=<n>,"<mode>","<host>",<port>"#;
    assert!(matches(start, r#"at+cipstart=0,"TCP","1.2.3.4",80"#, false));
    assert!(!matches(start, r#"AT+CIPSTART="TCP","1.2.3.4",80"#, false));
    assert!(matches("[<n>, ]CLOSED", "3, CLOSED", false) && matches("[<n>, ]CLOSED", "CLOSED", false));
    assert!(!matches("[<n>, ]CLOSED", "3, CLOSED!", false) && matches("+IPD,<len>:", "+IPD,5:hello", true));
    let nested = "AT+CIPTIMEOUT=[<a>][,[<b>][,[<c>]]]";
    assert!(
        ["AT+CIPTIMEOUT=1", "AT+CIPTIMEOUT=,2", "AT+CIPTIMEOUT=1,,3"]
            .iter()
            .all(|l| matches(nested, l, false))
    );
    assert!(weight("AT+CIPRXGET=2,<len>") > weight("AT+CIPRXGET=<mode>"));
}
