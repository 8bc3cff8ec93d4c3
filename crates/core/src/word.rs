//! The keywords at the start of a line, found by a hash with an exact compare.

macro_rules! words {
    ($($id:ident = $text:literal,)*) => {
        /// A known first word of a line.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        pub(crate) enum Word { $($id,)* }
        const WORDS: &[(Word, &str)] = &[$((Word::$id, $text),)*];
    };
}

words! {
    Ok = "OK", Error = "ERROR", Connect = "CONNECT", Already = "ALREADY", Alreay = "ALREAY", Send = "SEND",
    Close = "CLOSE", Closed = "CLOSED", Shut = "SHUT", Data = "DATA", State = "STATE", Server = "SERVER",
    Remote = "REMOTE", RecvFrom = "RECV", Command = "COMMAND", Client = "C", ServerRow = "S", Rdy = "RDY",
    Ready = "READY", Init = "Init", Call = "Call", Sms = "SMS", Pb = "PB", Normal = "NORMAL", Under = "UNDER",
    Over = "OVER", Ring = "RING", AtReady = "*ATREADY", Cme = "+CME", Cms = "+CMS", Ip = "+IP",
    CipError = "+CIPERROR", CipOpen = "+CIPOPEN", CipSend = "+CIPSEND", CipClose = "+CIPCLOSE",
    CipRxGet = "+CIPRXGET", Receive = "+RECEIVE", Ipd = "+IPD", IpClose = "+IPCLOSE", IpStatus = "+IPSTATUS",
    CipStatus = "+CIPSTATUS", NetOpen = "+NETOPEN", NetClose = "+NETCLOSE", CipEvent = "+CIPEVENT",
    Pdp = "+PDP", Cli = "+Cli", IpAddr = "+IPADDR", Dns = "+CDNSGIP", ServerStop = "+SERVERSTOP",
    Accept = "+CLIENT", PlusRecv = "+RECV", Csq = "+CSQ", Creg = "+CREG", Cgreg = "+CGREG", Cpin = "+CPIN",
    Cgatt = "+CGATT", CipAck = "+CIPACK", Cmti = "+CMTI", TcpClosed = "+TCPCLOSED", CipRcv = "+CIPRCV",
    PlainSer = "Ser", PlainCli = "Cli",
}

const SLOTS: usize = 128;
const NONE: u8 = u8::MAX;

/// Slot → index into `WORDS`, by open addressing.
static TABLE: [u8; SLOTS] = table();
/// Index → offset of the word in `TEXT`, and one more for the end of the last.
static OFFSETS: [u16; WORDS.len() + 1] = offsets();
static TEXT: [u8; text_len()] = text();
/// Index → the word itself, so that nothing is transmuted.
static IDS: [Word; WORDS.len()] = ids();

const fn step(hash: u32, byte: u8) -> u32 {
    (hash ^ byte as u32).wrapping_mul(0x0100_0193)
}

const fn slot(hash: u32) -> usize {
    (hash >> 9) as usize % SLOTS
}

const fn hash_of(text: &[u8]) -> u32 {
    let (mut hash, mut i) = (0, 0);
    while i < text.len() {
        hash = step(hash, text[i]);
        i += 1;
    }
    hash
}

const fn table() -> [u8; SLOTS] {
    let mut table = [NONE; SLOTS];
    let mut i = 0;
    while i < WORDS.len() {
        let mut at = slot(hash_of(WORDS[i].1.as_bytes()));
        while table[at] != NONE {
            at = (at + 1) % SLOTS;
        }
        #[expect(clippy::cast_possible_truncation, reason = "fewer than 255 words")]
        {
            table[at] = i as u8;
        }
        i += 1;
    }
    table
}

const fn text_len() -> usize {
    let (mut len, mut i) = (0, 0);
    while i < WORDS.len() {
        len += WORDS[i].1.len();
        i += 1;
    }
    len
}

const fn offsets() -> [u16; WORDS.len() + 1] {
    let mut offsets = [0; WORDS.len() + 1];
    let mut i = 0;
    while i < WORDS.len() {
        #[expect(clippy::cast_possible_truncation, reason = "a few hundred bytes of text")]
        {
            offsets[i + 1] = offsets[i] + WORDS[i].1.len() as u16;
        }
        i += 1;
    }
    offsets
}

const fn text() -> [u8; text_len()] {
    let mut text = [0; text_len()];
    let (mut at, mut i) = (0, 0);
    while i < WORDS.len() {
        let word = WORDS[i].1.as_bytes();
        let mut k = 0;
        while k < word.len() {
            text[at] = word[k];
            at += 1;
            k += 1;
        }
        i += 1;
    }
    text
}

const fn ids() -> [Word; WORDS.len()] {
    let mut ids = [Word::Ok; WORDS.len()];
    let mut i = 0;
    while i < WORDS.len() {
        ids[i] = WORDS[i].0;
        i += 1;
    }
    ids
}

impl Word {
    /// The known word at the start of `line` and its length: a `+` or `*` and letters, or letters.
    pub(crate) fn find(line: &[u8]) -> Option<(Self, usize)> {
        let mut hash = 0;
        let mut len = 0;
        for &byte in line {
            let letter = (byte | 0x20).wrapping_sub(b'a') < 26;
            if !letter && (len > 0 || !matches!(byte, b'+' | b'*')) {
                break;
            }
            hash = step(hash, byte);
            len += 1;
        }
        let word = line.get(..len)?;
        let mut at = slot(hash);
        loop {
            let index = usize::from(*TABLE.get(at)?);
            let id = *IDS.get(index)?;
            let from = usize::from(*OFFSETS.get(index)?);
            let to = usize::from(*OFFSETS.get(index + 1)?);
            if TEXT.get(from..to)? == word {
                return Some((id, len));
            }
            at = (at + 1) % SLOTS;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_found_exactly() {
        for (id, text) in WORDS {
            let line = format!("{text}: 1");
            assert_eq!(Word::find(line.as_bytes()), Some((*id, text.len())), "{text}");
            assert_eq!(
                Word::find(format!("{text}X").as_bytes()).map(|f| f.0 == *id),
                None.or(WORDS.iter().find(|w| w.1 == format!("{text}X")).map(|_| false))
            );
        }
        assert_eq!(Word::find(b""), None);
        assert_eq!(Word::find(b"++"), None);
        assert_eq!(Word::find(b"17"), None);
    }

    #[test]
    fn the_table_is_sparse_enough_to_end_every_search() {
        assert!(WORDS.len() < SLOTS / 2 && TABLE.contains(&NONE));
    }
}
