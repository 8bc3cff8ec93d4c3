//! Settings: every documented form in every dialect, what is refused, and what the module says.

use super::script::{CSQ, OK, Script};
use crate::main_job::{DIALECTS, network, open, up};
use crate::pair::{Pair, What};
use simcom_at::row::{Form, Kind, Mux, Row};
use simcom_at::{
    Action, Dialect, Event, Field, Ipv4Addr, Link, Refused, Setting, Settings, Transport, Value, fields,
};

/// The lines that came for `give`, or the module's words where it failed.
fn answer(
    pair: &mut Pair,
    action: Action,
    give: impl FnOnce(&mut Pair) -> Result<(), Refused>,
) -> Result<Vec<String>, String> {
    let from = pair.told.len();
    give(pair).map_err(|refused| format!("{refused:?}"))?;
    let ends = |w: &What| match w {
        What::Other(Event::Done { action: a, .. }) => *a == action,
        What::Failed { action: a, .. } => *a == action,
        What::Other(_) | What::Received { .. } | What::Line(_) => false,
    };
    let end = pair.expect(100_000, from, ends);
    pair.ready();
    if let What::Failed { text, .. } = end {
        return Err(text);
    }
    let line = |told: &crate::pair::Told| match &told.what {
        What::Line(line) => Some(line.clone()),
        What::Other(_) | What::Received { .. } | What::Failed { .. } => None,
    };
    Ok(pair.told[from..].iter().filter_map(line).collect())
}

fn set(pair: &mut Pair, setting: Setting, values: &[Field<'_>]) -> Result<Vec<String>, String> {
    let now = pair.now();
    answer(pair, Action::Set, |p| p.session.set(now, setting, values))
}

fn ask(pair: &mut Pair, setting: Setting) -> Result<Vec<String>, String> {
    let now = pair.now();
    answer(pair, Action::Ask, |p| p.session.ask(now, setting))
}

/// A session that has found its module and nothing more.
fn probed(dialect: Dialect, single: bool) -> Pair {
    let mut pair = Pair::new(dialect, Settings { single, ..Settings::default() }, network(3));
    pair.done(Action::Probe, |s, now| s.probe(now).unwrap());
    if !single && !matches!(dialect, Dialect::Kingcom | Dialect::A7600) {
        set(&mut pair, Setting::Cipmux, &[Field::Number(1)]).unwrap();
    }
    pair
}

fn rows(dialect: Dialect, setting: Setting, form: Form, single: bool) -> impl Iterator<Item = &'static Row> {
    let mux = if single { Mux::Single } else { Mux::Multi };
    dialect.rows().iter().filter(move |row| {
        row.command.name() == setting.name()
            && row.form == form
            && matches!(row.mux, Mux::Any) | (row.mux == mux)
    })
}

fn modes(dialect: Dialect) -> &'static [bool] {
    match dialect {
        Dialect::Kingcom => &[true],
        Dialect::A7600 => &[false],
        _ => &[true, false],
    }
}

/// What stands between the commas of a row's text.
fn items(row: &Row) -> Vec<String> {
    let text = row.text.strip_prefix("AT").unwrap().strip_prefix(row.command.name()).unwrap();
    text.trim_start_matches('=').replace(['[', ']', '"'], "").split(',').map(str::to_owned).collect()
}

/// The values of a row's text, each parameter with its lowest or its highest.
fn values(row: &Row, high: bool) -> Vec<Field<'static>> {
    let quoted = |name: &str| row.text.contains(&format!("\"{name}\""));
    let field = |item: &String| match row.params.iter().find(|p| *item == format!("<{}>", p.name)) {
        Some(param) => match param.kind {
            Kind::Number(from, to) => Field::Number(u32::try_from(if high { to } else { from }).unwrap()),
            Kind::Text(_) => Field::Text("12345"),
            Kind::Word(words) => Field::Text(words[0]),
            Kind::Port => Field::Number(if high { 65_535 } else { 80 }),
            Kind::Host => Field::Text("10.1.2.3"),
        },
        None if item.is_empty() => Field::Skip,
        None if quoted(item) => Field::Text("IP"),
        None => Field::Number(item.parse().unwrap()),
    };
    items(row).iter().map(field).collect()
}

/// The manual's line with these values in it.
fn rendered(row: &Row, values: &[Field<'_>]) -> String {
    let mut line = row.text.replace(['[', ']'], "");
    let list = items(row);
    for (place, value) in list.iter().zip(values).filter(|(place, _)| place.starts_with('<')) {
        let value = match value {
            Field::Number(number) => number.to_string(),
            Field::Text(text) => (*text).to_owned(),
            Field::Skip => String::new(),
        };
        line = line.replacen(place, &value, 1);
    }
    line
}

/// Rows that the module refuses in the state of a fresh start, and why.
fn is_refused(row: &Row, values: &[Field<'_>]) -> bool {
    match row.command.name() {
        // A destination needs mode 1 before it.
        "+CIPUDPMODE" => values.contains(&Field::Number(2)),
        // A read is no setting.
        "+CIPRXGET" => values != [Field::Number(0)] && values != [Field::Number(1)],
        _ => false,
    }
}

#[test]
fn every_documented_set_form_is_written_as_the_manual_has_it_and_taken() {
    let (mut count, mut wrong) = (0, Vec::new());
    for dialect in DIALECTS {
        for (setting, single) in
            Setting::ALL.iter().flat_map(|s| modes(dialect).iter().map(move |m| (*s, *m)))
        {
            let forms = rows(dialect, setting, Form::Set, single)
                .chain(rows(dialect, setting, Form::Exec, single))
                .filter(|row| !row.text.contains("CIPSRIPIP") && !row.text.contains("CIPSRIIP"));
            for (row, high) in forms.flat_map(|row| [(row, false), (row, true)]) {
                let values = if row.params.is_empty() && row.form == Form::Exec {
                    Vec::new()
                } else {
                    values(row, high)
                };
                if is_refused(row, &values) {
                    continue;
                }
                let mut pair = probed(dialect, single);
                let from = pair.log.len();
                match set(&mut pair, setting, &values) {
                    Ok(lines) => assert_eq!(lines, [""; 0], "{dialect:?} {}", row.text),
                    Err(why) => wrong.push(format!("{dialect:?} {} {values:?}: {why}", row.text)),
                }
                let said = &pair.log[from..];
                let line = rendered(row, &values).replace('"', "\\\"");
                assert!(said.contains(&format!("> {line}\\r")), "{line} of {}\n{said}", row.text);
                count += 1;
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(count > 250, "{count}");
}

#[test]
fn every_documented_setting_is_asked_for_and_its_ranges_too() {
    let mut count = [0, 0];
    for dialect in DIALECTS {
        for (setting, single) in
            Setting::ALL.iter().flat_map(|s| modes(dialect).iter().map(move |m| (*s, *m)))
        {
            let mut pair = probed(dialect, single);
            if let Some(row) = rows(dialect, setting, Form::Read, single).next() {
                let lines =
                    ask(&mut pair, setting).unwrap_or_else(|e| panic!("{dialect:?} {}: {e}", row.text));
                let front = row.replies[0].split(['<', '[']).next().unwrap();
                // No context is defined yet.
                let none = setting == Setting::Cgdcont;
                assert!(
                    none || lines[0].starts_with(front.trim_end_matches(['"', ' '])),
                    "{} {lines:?}",
                    row.text
                );
                count[0] += 1;
            }
            let now = pair.now();
            if let Some(row) = rows(dialect, setting, Form::Test, single).next() {
                let lines = answer(&mut pair, Action::Ask, |p| p.session.ranges(now, setting));
                let wanted: Vec<&str> = row.replies.iter().copied().filter(|line| *line != "OK").collect();
                assert_eq!(lines.unwrap(), wanted, "{dialect:?} {}", row.text);
                count[1] += 1;
            }
        }
    }
    assert!(count[0] > 150 && count[1] > 150, "{count:?}");
}

#[test]
fn what_is_set_is_what_is_told() {
    let numbers = |list: &[u32]| list.iter().map(|n| Field::Number(*n)).collect::<Vec<_>>();
    for (dialect, setting, given, wanted) in [
        (Dialect::Sim800, Setting::Cipccfg, numbers(&[4, 3, 512, 0, 1, 100, 30]), "4,3,512,0,1,100,30"),
        (Dialect::Sim800e, Setting::Cipccfg, numbers(&[4, 3, 512, 0]), "4,3,512,0"),
        (Dialect::Sim7000, Setting::Cipdpdp, numbers(&[1, 20, 5]), "1,20,5"),
        (Dialect::A7600, Setting::Ciptimeout, numbers(&[10_000, 20_000, 120_000]), "10000,20000,120000"),
        (
            Dialect::A7600,
            Setting::Ciptimeout,
            vec![Field::Skip, Field::Skip, Field::Number(30_000)],
            "120000,120000,30000",
        ),
        (Dialect::A7600, Setting::Cipsendmode, numbers(&[1]), "1"),
        (Dialect::Kingcom, Setting::Ciphead, numbers(&[1]), "1"),
        (Dialect::Rda8955, Setting::Cipats, numbers(&[1, 7]), "1,7"),
        (
            Dialect::Sim800,
            Setting::Cipcsgp,
            vec![Field::Number(1), Field::Text("CMWAP"), Field::Text("me"), Field::Text("secret")],
            "1,CMWAP,me,secret",
        ),
    ] {
        let mut pair = probed(dialect, true);
        set(&mut pair, setting, &given).unwrap_or_else(|e| panic!("{dialect:?} {setting:?}: {e}"));
        let lines = ask(&mut pair, setting).unwrap();
        let got: Vec<_> =
            fields(lines[0].as_bytes()).map(|f| String::from_utf8_lossy(f).into_owned()).collect();
        assert_eq!(got.join(","), wanted, "{dialect:?} {setting:?}");
    }
}

#[test]
fn name_servers_are_set_and_told() {
    let (first, second) = (Ipv4Addr::new(8, 8, 4, 4), Ipv4Addr::new(9, 9, 9, 9));
    for dialect in DIALECTS {
        let mut pair = probed(dialect, false);
        let now = pair.now();
        if dialect == Dialect::Kingcom {
            assert_eq!(pair.session.set_dns(now, first, None), Err(Refused::NotInDialect));
            continue;
        }
        answer(&mut pair, Action::Set, |p| p.session.set_dns(now, first, Some(second))).unwrap();
        let lines = ask(&mut pair, Setting::Cdnscfg).unwrap().join(" ");
        assert!(lines.contains("8.8.4.4") && lines.contains("9.9.9.9"), "{dialect:?} {lines}");
        let now = pair.now();
        answer(&mut pair, Action::Set, |p| p.session.set_dns(now, second, None)).unwrap();
        let lines = ask(&mut pair, Setting::Cdnscfg).unwrap().join(" ");
        assert!(lines.contains("9.9.9.9") && !lines.contains("8.8.4.4"), "{dialect:?} {lines}");
    }
}

#[test]
fn what_framing_rests_on_is_refused_with_a_link_and_waits_for_attach_without_one() {
    for dialect in DIALECTS {
        let mut pair = Pair::new(dialect, Settings::default(), network(5));
        up(&mut pair);
        open(&mut pair, 0, Transport::Tcp, 7);
        let now = pair.now();
        for setting in [Setting::Ciphead, Setting::Cipmux, Setting::Cipmode, Setting::Cipsprt, Setting::Cgatt]
        {
            let got = pair.session.set(now, setting, &[Field::Number(1)]);
            assert!(
                matches!(got, Err(Refused::State | Refused::NotInDialect)),
                "{dialect:?} {setting:?} {got:?}"
            );
        }
        let (from, now) = (pair.told.len(), pair.now());
        pair.session.close(now, Link(0), simcom_at::How::Quick).unwrap();
        pair.expect(10_000, from, |w| matches!(w, What::Other(Event::Closed { .. })));
        pair.ready();
        let now = pair.now();
        if !matches!(dialect, Dialect::Kingcom) {
            for setting in [Setting::Cipmux, Setting::Cipmode] {
                let got = pair.session.set(now, setting, &[Field::Number(1)]);
                assert!(
                    matches!(got, Err(Refused::State | Refused::NotInDialect)),
                    "{dialect:?} {setting:?}"
                );
            }
        }
        set(&mut pair, Setting::Ciphead, &[Field::Number(0)]).unwrap();
        let now = pair.now();
        let opened = pair.session.open(now, Link(0), Transport::Tcp, "127.0.0.1", 7, 0);
        assert_eq!(opened, Err(Refused::State), "{dialect:?}");
        let listens = pair.session.listen(now, 0, Transport::Tcp, 80, 1);
        assert!(matches!(listens, Err(Refused::State | Refused::NotInDialect)), "{dialect:?}");
        pair.done(Action::Shut, |s, now| s.shut(now).unwrap());
        up(&mut pair);
        open(&mut pair, 0, Transport::Tcp, 7);
        let bytes = b"\r\nCLOSED\r\n";
        pair.send(0, bytes);
        assert!(pair.until(60_000, |p| p.received(0) == bytes), "{dialect:?}\n{}", pair.tail());
    }
}

#[test]
fn bad_values_are_refused_and_nothing_is_sent() {
    let mut s = Script::new(Dialect::Sim800, Settings::default());
    let long = "x".repeat(101);
    for (setting, values, why) in [
        (Setting::Cstt, &[Field::Text("a\"b")][..], Refused::BadText),
        (Setting::Cstt, &[Field::Text("a\r")], Refused::BadText),
        (Setting::Cstt, &[Field::Text(&long)], Refused::BadLength),
        (Setting::Ciprxget, &[Field::Number(2), Field::Number(0)], Refused::Framing),
        (Setting::Ciprxget, &[Field::Number(4)], Refused::Framing),
        (Setting::Cipccfg, &[Field::Number(5)], Refused::NotInDialect),
        (Setting::Ciptimeout, &[Field::Number(5000)], Refused::NotInDialect),
        (Setting::Cipmux, &[], Refused::NotInDialect),
    ] {
        assert_eq!(s.session.set(s.now(), setting, values), Err(why), "{setting:?} {values:?}");
    }
    assert_eq!(s.session.ask(s.now(), Setting::Cipsendmode), Err(Refused::NotInDialect));
    assert_eq!(s.session.ranges(s.now(), Setting::Ciptimeout), Err(Refused::NotInDialect));
    s.quiet(10_000);
    s.session.signal(s.now()).unwrap();
    assert_eq!(s.session.set(s.now(), Setting::Cmee, &[Field::Number(1)]), Err(Refused::Busy));
    s.talk(&[("AT+CSQ\r", CSQ)]);
    let value = Value::Signal(20, 0);
    assert_eq!(s.events(), [What::Other(Event::Done { action: Action::Signal, link: None, value })]);
}

#[test]
fn an_answer_that_looks_like_a_notice_is_an_answer_and_a_notice_in_front_of_it_is_none() {
    let mut s = Script::new(Dialect::Sim800, Settings { single: true, ..Settings::default() });
    s.session.ask(s.now(), Setting::Ciprxget).unwrap();
    s.talk(&[("AT+CIPRXGET?\r", "\r\n+CIPRXGET: 1\r\n\r\nOK\r\n")]);
    let done = || What::Other(Event::Done { action: Action::Ask, link: None, value: Value::None });
    assert_eq!(s.events(), [What::Line("+CIPRXGET: 1".to_owned()), done()]);
    s.session.ask(s.now(), Setting::Creg).unwrap();
    s.talk(&[("AT+CREG?\r", "\r\n+CREG: 5\r\n\r\n+CREG: 2,1,\"00AB\",\"12CD\"\r\n\r\nOK\r\n")]);
    let notice = What::Other(Event::Registration { packet: false, stat: 5 });
    assert_eq!(s.events(), [notice, What::Line("+CREG: 2,1,\"00AB\",\"12CD\"".to_owned()), done()]);
    s.session.set(s.now(), Setting::Dtr, &[Field::Number(1)]).unwrap();
    s.talk(&[("AT&D1\r", OK)]);
    s.session.set(s.now(), Setting::Cgatt, &[Field::Number(1)]).unwrap();
    s.host("AT+CGATT=1\r");
    s.quiet(80_000);
    s.module("\r\n+CME ERROR: 30\r\n");
    let failed = s.events().pop().unwrap();
    assert!(
        matches!(&failed, What::Failed { action: Action::Set, text, .. } if text == "+CME ERROR: 30"),
        "{failed:?}"
    );
}
