//! Every data file is well formed, and says nothing that cannot be true.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use simcom_vectors::{
    Chunking, Lines, Report, Step, Transcript, Vector, all, by_dialect, by_name, compare, cut_positions,
};

fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data")
}

fn names_in(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

fn module_bytes(vector: &Vector) -> Vec<u8> {
    vector.transcript.module_bytes()
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    part.is_empty() || bytes.windows(part.len()).any(|window| window == part)
}

#[test]
fn every_file_of_the_folder_is_part_of_the_crate() {
    let mut found = 0;
    for dialect in names_in(&data()) {
        let files = names_in(&data().join(&dialect));
        let texts: Vec<&String> = files.iter().filter(|name| name.ends_with(".txt")).collect();
        assert_eq!(texts.len(), by_dialect(&dialect).len(), "{dialect}");
        found += texts.len();
    }
    assert_eq!(found, all().len());
    assert!(by_dialect("nothing").is_empty());
    assert!(by_name("sim800/sim800l-boot-hex-01").is_some());
    assert!(by_name("sim800l-boot-hex-01").is_none());
}

#[test]
fn every_file_says_what_it_is() {
    const REPORTS: &str = "Ok Error CmeError CmsError IpError CipError Prompt ConnectOk ConnectFail AlreadyConnected \
        DataMode SendOk SendFail DataAccept RxPending RxAvail Data Closed CloseOk CloseErr Shut NetOpen NetClose \
        NetState NetLost PdpDeact State LinkState ServerState LinkVector LocalIp Dns DnsFail ServerOk ServerClose \
        ServerStopped Accepted Boot PowerDown PowerWarn Line Lost NoFinal";
    const CONFIG: [&str; 11] =
        ["echo", "mux", "mode", "ciphead", "ciprxget", "ciprip", "cipsrip", "qsend", "showtp", "sprt", "v"];
    for vector in all() {
        let name = vector.name;
        let folder = name.split('/').next().unwrap();
        assert_eq!(vector.dialect(), folder, "{name}");
        for key in ["source", "module", "status", "config"] {
            assert!(vector.transcript.header(key).is_some_and(|value| !value.is_empty()), "{name}: no {key}");
        }
        for (key, value) in vector.transcript.config() {
            assert!(CONFIG.contains(&key) && !value.is_empty(), "{name}: config {key}");
        }
        for report in &vector.expected {
            assert!(REPORTS.split_whitespace().any(|known| known == report.name), "{name}: {report}");
        }
        for header in &vector.transcript.headers {
            assert!(!header.key.is_empty(), "{name}:{}: a remark", header.line);
        }
        assert!(!vector.transcript.is_ambiguous(), "{name}");
    }
}

#[test]
fn every_file_reads_the_same_after_it_is_written() {
    for vector in all() {
        let text = vector.transcript.to_text();
        let again = Transcript::parse(vector.name, &text).unwrap();
        assert_eq!(again, vector.transcript, "{}", vector.name);
        for report in &vector.expected {
            assert_eq!(Report::parse(&report.to_string()).as_ref(), Ok(report), "{}", vector.name);
        }
        assert_eq!(compare(&vector.expected, &vector.expected, Lines::Compared), Ok(()), "{}", vector.name);
    }
}

#[test]
fn every_payload_is_as_long_as_announced() {
    for vector in all() {
        let (name, module) = (vector.name, module_bytes(&vector));
        for (place, report) in vector.expected.iter().enumerate().filter(|(_, report)| report.name == "Data")
        {
            let bytes = report.field("bytes").unwrap_or_else(|| panic!("{name}: {report}"));
            let missing = match vector.expected.get(place + 1) {
                Some(lost) if lost.name == "Lost" => lost.number("bytes").unwrap(),
                _ => 0,
            };
            let came = i64::try_from(bytes.len()).unwrap();
            match report.number("len") {
                Some(len) => assert_eq!(came, len, "{name}: {report}"),
                // Of a payload that stopped short only the bytes are said.
                None => assert!(missing > 0, "{name}: {report}"),
            }
            let hex: String = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
            let there = match report.field("enc") {
                Some(b"hex") => {
                    contains(&module, hex.as_bytes()) || contains(&module, hex.to_lowercase().as_bytes())
                }
                _ => contains(&module, bytes),
            };
            assert!(there, "{name}: the module never sends {report}");
            let peer = report.field("from").unwrap_or_default();
            let ip = peer.split(|&byte| byte == b':').next().unwrap();
            assert!(contains(&module, ip), "{name}: the module never names {report}");
        }
    }
}

#[test]
fn what_is_reported_was_sent() {
    for vector in all() {
        let module = module_bytes(&vector);
        for report in vector.expected.iter().filter(|report| report.name != "Data") {
            for (key, value) in &report.fields {
                let synthetic =
                    matches!(key.as_str(), "link") || report.name == "Lost" || value.starts_with(b"[");
                // The firmware prints one word for an address where a report has `ip:port`; a short write prints both.
                assert!(synthetic || contains(&module, value), "{}: {report}: {key}", vector.name);
            }
        }
    }
}

/// `len` numbers in the command of a fixed-length send, and the payload the host then gives.
#[test]
fn a_fixed_length_send_gives_that_many_bytes() {
    for vector in all() {
        let mut wanted = None;
        for step in &vector.transcript.steps {
            match step {
                Step::Host(bytes) if bytes.to_ascii_uppercase().starts_with(b"AT+CIPSEND=") => {
                    wanted = fixed_length(&vector, bytes);
                }
                Step::Host(bytes) => {
                    if let Some(len) = wanted.take() {
                        // One known capture sends CR LF behind its payload.
                        let surplus = vector.name == "sim800/sim800-udp-receive-hex-08";
                        let given = bytes.len() - if surplus { 2 } else { 0 };
                        assert_eq!(given, len, "{}: {}", vector.name, String::from_utf8_lossy(bytes));
                    }
                }
                Step::Module(bytes) if contains(bytes, b"ERROR") => wanted = None,
                Step::Module(_) | Step::Silence(_) => {}
            }
        }
    }
}

fn fixed_length(vector: &Vector, command: &[u8]) -> Option<usize> {
    let text = std::str::from_utf8(command).unwrap().trim_end();
    let fields: Vec<&str> = text.split_once('=').unwrap().1.split(',').collect();
    let single = vector.transcript.config_value("mux") == Some("single");
    let multi = vector.transcript.config_value("mux") == Some("multi")
        || contains(&vector.transcript.host_bytes().to_ascii_uppercase(), b"AT+CIPMUX=1");
    let length = match (vector.dialect(), fields.as_slice()) {
        (_, [_, length, ..]) => length,
        ("a7600", _) => return None,
        (_, [length]) if single && !multi => length,
        _ => return None,
    };
    length.trim().parse().ok()
}

/// Every header with a length has its payload: counted here without a reader.
#[test]
fn every_announced_payload_is_reported() {
    const HEADERS: [&[u8]; 4] = [b"\r\n+RECEIVE", b"\n+IPD", b"\r\n+CIPRXGET: 2,", b"\r\n+CIPRXGET: 3,"];
    for vector in all() {
        let module = module_bytes(&vector);
        let seen: usize = HEADERS
            .iter()
            .map(|header| module.windows(header.len()).filter(|window| window == header).count())
            .sum();
        let reported = vector.expected.iter().filter(|report| report.name == "Data").count();
        let adversarial = vector.name.contains("looks-like-protocol");
        let asked =
            vector.transcript.header("notes").is_some_and(|note| note.contains("header in the payload"));
        assert!(adversarial || asked || reported > 0 || seen == 0, "{}: {seen} headers", vector.name);
    }
}

#[test]
fn every_chunking_keeps_every_byte() {
    for vector in all() {
        let transcript = &vector.transcript;
        let positions = cut_positions(transcript);
        let whole = Chunking::Whole.steps(transcript);
        let modes = [
            Chunking::Bytes,
            Chunking::Every(3),
            Chunking::AsIs,
            Chunking::CutAt(*positions.last().unwrap_or(&0)),
        ];
        for mode in modes {
            let cut = Transcript { headers: Vec::new(), steps: mode.steps(transcript) };
            assert_eq!(cut.module_bytes(), transcript.module_bytes(), "{} {mode}", vector.name);
            assert_eq!(cut.host_bytes(), transcript.host_bytes(), "{} {mode}", vector.name);
            assert_eq!(Chunking::Whole.steps(&cut), whole, "{} {mode}", vector.name);
        }
    }
}

/// The number of `Ok` reports cannot be larger than the number of `OK` on the wire, and so on: a guard against slips.
#[test]
fn results_are_as_many_as_on_the_wire() {
    const WORDS: [(&str, &[u8]); 10] = [
        ("Ok", b"OK"),
        ("Error", b"ERROR"),
        ("Prompt", b">"),
        ("Shut", b"SHUT OK"),
        ("SendFail", b"SEND FAIL"),
        ("CmeError", b"+CME ERROR:"),
        ("ConnectFail", b"FAIL"),
        ("ServerClose", b"SERVER CLOSE"),
        ("ServerOk", b"SERVER OK"),
        ("AlreadyConnected", b"ALREA"),
    ];
    for vector in all().iter().filter(|vector| vector.dialect() != "a7600") {
        let module = module_bytes(vector);
        for (name, word) in WORDS {
            let with_own_text = |report: &Report| name == "Error" && report.field("text").is_some();
            let counts = |report: &&Report| report.name == name && !with_own_text(report);
            let reported = vector.expected.iter().filter(counts).count();
            let seen = module.windows(word.len()).filter(|window| *window == word).count();
            assert!(reported <= seen, "{}: {reported} {name}, {seen} on the wire", vector.name);
        }
    }
}

/// Every file is named in the index of its folder, and every file that is named there exists.
#[test]
fn the_indexes_name_what_is_there() {
    for dialect in names_in(&data()) {
        let folder = data().join(&dialect);
        let index = fs::read_to_string(folder.join("INDEX.md")).unwrap();
        let named: BTreeSet<String> =
            index.split('`').filter(|word| word.ends_with(".txt")).map(str::to_owned).collect();
        let there: BTreeSet<String> =
            names_in(&folder).into_iter().filter(|name| name.ends_with(".txt")).collect();
        assert_eq!(named, there, "{dialect}");
    }
}
