use super::*;
use simcom_at::{SocketAddrV4, Transport};

fn span(start: u8, end: u8) -> Span {
    Span { start, end }
}

fn text(report: Report<'_>, line: &str) -> String {
    said(&report, line.as_bytes()).to_text()
}

fn data(bytes: &[u8]) -> Data<'_> {
    let len = u16::try_from(bytes.len()).unwrap();
    Data { link: On::Link(0), bytes, len, left: 0, rest: None, from: None, proto: None, hex: false }
}

#[test]
fn results_are_names() {
    assert_eq!(text(Report::Ok, "OK"), "Ok");
    assert_eq!(text(Report::Error { text: span(0, 0) }, "ERROR"), "Error");
    let line = "COMMAND NO RESPONSE!";
    assert_eq!(text(Report::Error { text: span(0, 20) }, line), "Error{text=\"COMMAND NO RESPONSE!\"}");
    assert_eq!(text(Report::CmeError(Code::Number(3)), ""), "CmeError{code=3}");
    assert_eq!(
        text(Report::IpError(Code::Text(span(11, 18))), "+IP ERROR: No data"),
        "IpError{text=\"No data\"}"
    );
}

#[test]
fn links_are_numbers_or_letters() {
    for (link, want) in [(On::Link(7), "7"), (On::Single, "s"), (On::Data, "t"), (On::Unnamed, "?")] {
        assert_eq!(text(Report::ConnectOk { link }, ""), format!("ConnectOk{{link={want}}}"));
    }
}

#[test]
fn text_that_stands_alone_has_no_key() {
    assert_eq!(text(Report::State { text: span(7, 17) }, "STATE: IP INITIAL"), "State{\"IP INITIAL\"}");
    assert_eq!(text(Report::Boot { text: span(0, 3), restart: true }, "RDY"), "Boot{\"RDY\"}");
    assert_eq!(text(Report::Line { more: false }, "a \"b\" "), "Line{\"a \\\"b\\\"\\x20\"}");
    assert_eq!(text(Report::LinkVector { count: 3, open: 0b101 }, ""), "LinkVector{[1,0,1]}");
    assert_eq!(text(Report::LinkVector { count: 0, open: 0 }, ""), "LinkVector{[]}");
}

#[test]
fn rows_of_links_have_what_the_line_has() {
    let line = "C: 1,0,\"UDP\",\"9.8.7.6\",\"53\",\"CONNECTED\"";
    let row = Report::LinkState {
        link: On::Link(1),
        bearer: Some(0),
        proto: Some(Transport::Udp),
        ip: span(14, 21),
        port: 53,
        state: span(29, 38),
        server: None,
    };
    assert_eq!(text(row, line), "LinkState{link=1,bearer=0,proto=UDP,ip=9.8.7.6,port=53,state=CONNECTED}");
    let unused = Report::LinkState {
        link: On::Link(2),
        bearer: None,
        proto: None,
        ip: span(0, 0),
        port: 0,
        state: span(0, 0),
        server: Some(-1),
    };
    assert_eq!(text(unused, "+CIPOPEN: 2"), "LinkState{link=2,server=-1}");
}

#[test]
fn addresses_are_a_list() {
    let line = "+CDNSGIP: 1,\"h.x\",\"1.2.3.4\",\"5.6.7.8\"";
    let report = Report::Dns { host: span(13, 16), ips: span(18, 37) };
    assert_eq!(text(report, line), "Dns{host=h.x,ips=[1.2.3.4,5.6.7.8]}");
    let report = Report::Dns { host: span(0, 0), ips: span(11, 18) };
    assert_eq!(text(report, "+CDNSGIP:1,1.2.3.4"), "Dns{ips=[1.2.3.4]}");
}

#[test]
fn payload_is_quoted_and_counted() {
    assert_eq!(text(Report::Data(data(b"he\r\n\"x")), ""), "Data{link=0,len=6,bytes=\"he\\r\\n\\\"x\"}");
    let full = Data {
        len: 0,
        rest: Some(4),
        from: Some(SocketAddrV4::new([1, 2, 3, 4].into(), 53)),
        proto: Some(Transport::Tcp),
        ..data(b"abc")
    };
    let want = "Data{link=0,len=3,bytes=\"abc\",rest=4,from=1.2.3.4:53,proto=TCP}";
    assert_eq!(text(Report::Data(full), ""), want);
    let hex = Data { len: 2, hex: true, ..data(b"0d4F") };
    assert_eq!(text(Report::Data(hex), ""), "Data{link=0,len=2,bytes=\"\\rO\",enc=hex}");
    assert_eq!(from_hex(b"4x41\xff"), b"4xA\xff");
}

#[test]
fn json_has_numbers_as_numbers_and_escaped_text() {
    let json = |report: Report<'_>, line: &str| said(&report, line.as_bytes()).to_json();
    let want = r#"{"v":1,"report":"Data","link":"0","len":5,"bytes":"hello"}"#;
    assert_eq!(json(Report::Data(data(b"hello")), ""), want);
    let want = r#"{"v":1,"report":"Data","link":"0","len":4,"bytes":"\\r\"\\\\\\xff"}"#;
    assert_eq!(json(Report::Data(data(b"\r\"\\\xff")), ""), want);
    assert_eq!(
        json(Report::LinkVector { count: 2, open: 2 }, ""),
        r#"{"v":1,"report":"LinkVector","open":[0,1]}"#
    );
    assert_eq!(json(Report::Line { more: false }, "x"), r#"{"v":1,"report":"Line","text":"x"}"#);
    let report = Report::Dns { host: span(0, 1), ips: span(2, 9) };
    assert_eq!(json(report, "h,1.2.3.4"), r#"{"v":1,"report":"Dns","host":"h","ips":["1.2.3.4"]}"#);
    let report = Report::SendOk { link: On::Link(3), taken: Some((7, 5)) };
    assert_eq!(json(report, ""), r#"{"v":1,"report":"SendOk","link":"3","req":7,"cnf":5}"#);
}

#[test]
fn every_text_is_read_back_by_the_vectors() {
    for report in [
        Report::Data(data(b"a,b}{\x00")),
        Report::ConnectFail { link: On::Single, err: None, state: span(0, 9) },
        Report::Accepted { link: On::Link(0), ip: span(0, 0), port: Some(1), server: Some(0) },
        Report::LinkVector { count: 10, open: 1 },
    ] {
        let printed = text(report, "PDP DEACT");
        assert_eq!(crate::Report::parse(&printed).unwrap().to_string(), printed);
    }
    assert_eq!(text(Report::Lost { bytes: 3 }, ""), "Lost{bytes=3}");
}
