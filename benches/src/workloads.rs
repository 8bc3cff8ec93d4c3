//! What the reader is measured with: five streams from a fixed seed, and what must come out of each.

/// The links that the streams use.
const LINKS: u64 = 6;

/// The payload of the large frames.
const LARGE: usize = 1460;

/// Which stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Bulk push: `\r\n+RECEIVE,n,1460:\r\n` and 1460 random bytes, 6 links.
    A,
    /// As A with 1 to 32 bytes a frame.
    B,
    /// `+IPD,1460:` and 1460 random bytes, no line end anywhere.
    C,
    /// Read on request: `\r\n+CIPRXGET: 2,n,1460,0\r\n`, 1460 random bytes, `\r\n\r\nOK\r\n`.
    D,
    /// 18 kinds of lines without data, 15.0 bytes a line.
    E,
}

impl Kind {
    /// All five.
    pub const ALL: [Self; 5] = [Self::A, Self::B, Self::C, Self::D, Self::E];

    /// The letter.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::B => "B",
            Self::C => "C",
            Self::D => "D",
            Self::E => "E",
        }
    }

    /// The stream with this letter.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// A stream and what it holds.
#[derive(Clone, Debug)]
pub struct Workload {
    /// Which.
    pub kind: Kind,
    /// The bytes from the module.
    pub bytes: Vec<u8>,
    /// All payload, one frame behind the other.
    pub payload: Vec<u8>,
    /// The frames.
    pub frames: usize,
    /// The lines that are neither header nor empty, without their ends.
    pub lines: Vec<String>,
}

impl Workload {
    /// The stream of this kind: whole frames or lines, as many as fit into `size` bytes.
    #[must_use]
    pub fn new(kind: Kind, size: usize) -> Self {
        let mut random = Random(0x9E37_79B9_7F4A_7C15);
        let mut all = Self { kind, bytes: Vec::new(), payload: Vec::new(), frames: 0, lines: Vec::new() };
        let mut unit = Vec::new();
        loop {
            unit.clear();
            let before = all.payload.len();
            let line = all.unit(&mut random, &mut unit);
            if all.bytes.len() + unit.len() > size {
                all.payload.truncate(before);
                return all;
            }
            all.bytes.extend_from_slice(&unit);
            all.lines.extend(line);
            all.frames += usize::from(kind != Kind::E);
        }
    }

    /// One frame or line more; gives the line.
    fn unit(&mut self, random: &mut Random, unit: &mut Vec<u8>) -> Option<String> {
        let link = random.below(LINKS);
        match self.kind {
            Kind::A => self.frame(random, unit, &format!("\r\n+RECEIVE,{link},{LARGE}:\r\n"), LARGE),
            Kind::B => {
                let len = 1 + random.below(32) as usize;
                self.frame(random, unit, &format!("\r\n+RECEIVE,{link},{len}:\r\n"), len);
            }
            Kind::C => self.frame(random, unit, &format!("+IPD,{LARGE}:"), LARGE),
            Kind::D => {
                self.frame(random, unit, &format!("\r\n+CIPRXGET: 2,{link},{LARGE},0\r\n"), LARGE);
                unit.extend_from_slice(b"\r\n\r\nOK\r\n");
                return Some("OK".to_owned());
            }
            Kind::E => {
                let at = random.below(LINES.len() as u64) as usize;
                let text = LINES[at].replace('#', &link.to_string());
                unit.extend_from_slice(format!("\r\n{text}\r\n").as_bytes());
                return Some(text);
            }
        }
        None
    }

    fn frame(&mut self, random: &mut Random, unit: &mut Vec<u8>, header: &str, len: usize) {
        unit.extend_from_slice(header.as_bytes());
        let start = self.payload.len();
        self.payload.extend((0..len).map(|_| (random.next() >> 32) as u8));
        unit.extend_from_slice(&self.payload[start..]);
    }
}

/// The lines of E; `#` is the link. With their two line ends they are 15.0 bytes long on average.
pub const LINES: [&str; 18] = [
    "OK",
    "ERROR",
    "#, CLOSED",
    "#, SEND OK",
    "#, CONNECT OK",
    "#, CONNECT FAIL",
    "DATA ACCEPT:#,640",
    "+CIPRXGET: 1,#",
    "#, ALREADY CONNECT",
    "SHUT OK",
    "+CREG: 1",
    "+CSQ: 21,0",
    "+PDP: DEACT",
    "+CME ERROR: 3",
    "#, CLOSE OK",
    "RDY",
    "Call Ready",
    "UNDER-VOLTAGE WARNNING",
];

/// A small generator (xorshift64*): the same stream on every machine.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    fn below(&mut self, end: u64) -> u64 {
        (self.next() >> 33) % end
    }
}

#[cfg(test)]
mod tests {
    use super::{Kind, LINES, Workload};

    const MIB: usize = 1 << 20;

    #[test]
    fn streams_have_the_stated_shape() {
        let per_unit = |kind| {
            let all = Workload::new(kind, MIB);
            let units = if kind == Kind::E { all.lines.len() } else { all.frames };
            assert!(all.bytes.len() <= MIB && all.bytes.len() > MIB - 1500);
            all.bytes.len() as f64 / units as f64
        };
        assert_eq!(per_unit(Kind::A), 1480.0);
        assert!((per_unit(Kind::B) - 34.2).abs() < 0.2, "{}", per_unit(Kind::B));
        assert_eq!(per_unit(Kind::C), 1470.0);
        assert_eq!(per_unit(Kind::D), 1493.0);
        assert!((per_unit(Kind::E) - 15.0).abs() < 0.1, "{}", per_unit(Kind::E));
    }

    #[test]
    fn every_kind_of_line_is_there() {
        let all = Workload::new(Kind::E, 1 << 14);
        let there =
            |line: &&str| (0..6).any(|link| all.lines.contains(&line.replace('#', &link.to_string())));
        assert!(LINES.iter().all(there));
    }
}
