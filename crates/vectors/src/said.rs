//! Reports as text and as JSON: the vocabulary of the transcripts, one report a line.

use crate::escape::{escape, quote};
use simcom_at::{Code, Data, On, Report, Span};

/// A report with its values taken out of the line behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// The name: `Ok`, `Data` …
    pub name: &'static str,
    /// The fields in their order. An empty key is a value that stands alone: `State{"…"}`.
    pub fields: Vec<(&'static str, Value)>,
}

/// The value of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A number.
    Number(i64),
    /// Text or bytes.
    Text(Vec<u8>),
    /// A list of numbers.
    Numbers(Vec<i64>),
    /// A list of addresses.
    Texts(Vec<String>),
}

impl Said {
    /// A report without fields.
    pub fn new(name: &'static str) -> Self {
        Self { name, fields: Vec::new() }
    }

    fn number(mut self, key: &'static str, value: impl Into<i64>) -> Self {
        self.fields.push((key, Value::Number(value.into())));
        self
    }

    fn number_if(self, key: &'static str, value: Option<impl Into<i64>>) -> Self {
        match value {
            Some(value) => self.number(key, value),
            None => self,
        }
    }

    fn text(mut self, key: &'static str, value: impl AsRef<[u8]>) -> Self {
        self.fields.push((key, Value::Text(value.as_ref().to_vec())));
        self
    }

    /// The field, unless the text is empty.
    fn text_if(self, key: &'static str, value: impl AsRef<[u8]>) -> Self {
        if value.as_ref().is_empty() { self } else { self.text(key, value) }
    }

    fn link(self, link: On) -> Self {
        self.text("link", link_text(link))
    }

    fn code(self, code: Code, line: &[u8]) -> Self {
        match code {
            Code::Number(number) => self.number("code", number),
            Code::Text(span) => self.text("text", span.of(line)),
        }
    }

    /// The value of a field.
    pub fn field(&self, key: &str) -> Option<&Value> {
        self.fields.iter().find(|(name, _)| *name == key).map(|(_, value)| value)
    }

    /// A number field.
    pub fn get_number(&self, key: &str) -> Option<i64> {
        match self.field(key)? {
            Value::Number(number) => Some(*number),
            Value::Text(_) | Value::Numbers(_) | Value::Texts(_) => None,
        }
    }

    /// A text field, escaped; empty when it is not there.
    pub fn get_text(&self, key: &str) -> String {
        match self.field(key) {
            Some(Value::Text(text)) => escape(text),
            Some(Value::Texts(texts)) => texts.join(", "),
            Some(Value::Number(number)) => number.to_string(),
            Some(Value::Numbers(_)) | None => String::new(),
        }
    }

    /// As in `# expect:` lines: `Data{link=0,len=5,bytes="hello"}`.
    pub fn to_text(&self) -> String {
        let mut text = self.name.to_owned();
        for (place, (key, value)) in self.fields.iter().enumerate() {
            text.push(if place == 0 { '{' } else { ',' });
            if !key.is_empty() {
                text.push_str(key);
                text.push('=');
            }
            text.push_str(&match value {
                Value::Number(number) => number.to_string(),
                Value::Text(bytes) if is_bare(key, bytes) => escape(bytes),
                Value::Text(bytes) => quote(bytes),
                Value::Numbers(numbers) => format!("[{}]", join(numbers)),
                Value::Texts(texts) => format!("[{}]", texts.join(",")),
            });
        }
        if !self.fields.is_empty() {
            text.push('}');
        }
        text
    }

    /// One JSON object: numbers as numbers, `link` always text, text and bytes escaped as in transcripts.
    pub fn to_json(&self) -> String {
        let mut json = format!("{{\"v\":1,\"report\":\"{}\"", self.name);
        for (key, value) in &self.fields {
            let key = match (*key, value) {
                ("", Value::Numbers(_)) => "open",
                ("", _) => "text",
                (key, _) => key,
            };
            let value = match value {
                Value::Number(number) => number.to_string(),
                Value::Text(text) => json_text(&escape(text)),
                Value::Numbers(numbers) => format!("[{}]", join(numbers)),
                Value::Texts(texts) => {
                    let texts: Vec<_> = texts.iter().map(|text| json_text(text)).collect();
                    format!("[{}]", texts.join(","))
                }
            };
            json.push_str(&format!(",\"{key}\":{value}"));
        }
        json.push('}');
        json
    }
}

/// A word needs no quotes. Payload, and text that stands alone, always has them.
fn is_bare(key: &str, text: &[u8]) -> bool {
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"+-.:_/?".contains(byte);
    !matches!(key, "" | "bytes") && !text.is_empty() && text.iter().all(is_plain)
}

fn join(numbers: &[i64]) -> String {
    numbers.iter().map(i64::to_string).collect::<Vec<_>>().join(",")
}

/// Escaped text is printable ASCII, so only two characters mean something to JSON.
fn json_text(escaped: &str) -> String {
    format!("\"{}\"", escaped.replace('\\', "\\\\").replace('"', "\\\""))
}

/// The link as transcripts write it.
pub fn link_text(link: On) -> String {
    match link {
        On::Link(number) => number.to_string(),
        On::Single => "s".to_owned(),
        On::Data => "t".to_owned(),
        On::Unnamed => "?".to_owned(),
    }
}

/// One report; `line` is the text behind it. A `Data` is taken as whole, see [`Joiner`](crate::Joiner).
pub fn said(report: &Report<'_>, line: &[u8]) -> Said {
    let alone = |name, span: Span| Said::new(name).text("", span.of(line));
    match *report {
        Report::Ok => Said::new("Ok"),
        Report::Error { text } => Said::new("Error").text_if("text", text.of(line)),
        Report::CmeError(code) => Said::new("CmeError").code(code, line),
        Report::CmsError(code) => Said::new("CmsError").code(code, line),
        Report::IpError(code) => Said::new("IpError").code(code, line),
        Report::CipError(code) => Said::new("CipError").code(code, line),
        Report::Prompt => Said::new("Prompt"),
        Report::ConnectOk { link } => Said::new("ConnectOk").link(link),
        Report::ConnectFail { link, err, state } => {
            Said::new("ConnectFail").link(link).number_if("err", err).text_if("state", state.of(line))
        }
        Report::AlreadyConnected { link } => Said::new("AlreadyConnected").link(link),
        Report::DataMode { text } => Said::new("DataMode").text_if("text", text.of(line)),
        Report::SendOk { link, taken } => {
            let said = Said::new("SendOk").link(link);
            said.number_if("req", taken.map(|(req, _)| req)).number_if("cnf", taken.map(|(_, cnf)| cnf))
        }
        Report::SendFail { link } => Said::new("SendFail").link(link),
        Report::DataAccept { link, len } => Said::new("DataAccept").link(link).number("len", len),
        Report::RxPending { link } => Said::new("RxPending").link(link),
        Report::RxAvail { link, len } => Said::new("RxAvail").link(link).number("len", len),
        Report::Data(data) => data_said(&data, data.bytes),
        Report::Raw { link, from } => data_said(
            &Data { link, bytes: &[], len: 0, left: 0, rest: None, from, proto: None, hex: false },
            line,
        ),
        Report::Closed { link, reason } => Said::new("Closed").link(link).number_if("reason", reason),
        Report::CloseOk { link } => Said::new("CloseOk").link(link),
        Report::CloseErr { link, err } => Said::new("CloseErr").link(link).number("err", err),
        Report::Shut => Said::new("Shut"),
        Report::NetOpen { err } => Said::new("NetOpen").number("err", err),
        Report::NetClose { err } => Said::new("NetClose").number("err", err),
        Report::NetState { open } => Said::new("NetState").number("open", open),
        Report::NetLost => Said::new("NetLost"),
        Report::PdpDeact => Said::new("PdpDeact"),
        Report::State { text } => alone("State", text),
        Report::LinkState { link, bearer, proto, ip, port, state, server } => {
            let said = Said::new("LinkState").link(link).number_if("bearer", bearer);
            let said = said.text_if("proto", proto.map_or("", |proto| proto.word()));
            let said = if ip.is_empty() { said } else { said.text("ip", ip.of(line)).number("port", port) };
            said.text_if("state", state.of(line)).number_if("server", server)
        }
        Report::ServerState { port, state } => {
            Said::new("ServerState").number("port", port).text("state", state.of(line))
        }
        Report::LinkVector { count, open } => {
            let flags = (0..count).map(|n| i64::from(open.checked_shr(u32::from(n)).unwrap_or(0) & 1));
            Said { name: "LinkVector", fields: vec![("", Value::Numbers(flags.collect()))] }
        }
        Report::LocalIp { ip } => Said::new("LocalIp").text("ip", ip.of(line)),
        Report::Dns { host, ips } => {
            let mut said = Said::new("Dns").text_if("host", host.of(line));
            said.fields.push(("ips", Value::Texts(addresses(ips.of(line)))));
            said
        }
        Report::DnsFail { code } => Said::new("DnsFail").number("code", code),
        Report::ServerOk => Said::new("ServerOk"),
        Report::ServerClose => Said::new("ServerClose"),
        Report::ServerStopped { server, err } => {
            Said::new("ServerStopped").number("server", server).number("err", err)
        }
        Report::Accepted { link, ip, port, server } => {
            let said = Said::new("Accepted").link(link).text("ip", ip.of(line));
            said.number_if("port", port).number_if("server", server)
        }
        Report::Boot { text, restart: _ } => alone("Boot", text),
        Report::PowerDown { text } => alone("PowerDown", text),
        Report::PowerWarn { text } => alone("PowerWarn", text),
        Report::Signal { rssi, ber } => Said::new("Signal").number("rssi", rssi).number("ber", ber),
        Report::Registration { packet, stat } => {
            Said::new("Registration").number("packet", packet).number("stat", stat)
        }
        Report::Sim { text } => alone("Sim", text),
        Report::Attach { on } => Said::new("Attach").number("on", on),
        Report::Ack { sent, acked, third } => {
            Said::new("Ack").number("sent", sent).number("acked", acked).number("third", third)
        }
        Report::Ring => Said::new("Ring"),
        Report::Sms { index } => Said::new("Sms").number("index", index),
        Report::Line { more: _ } => Said::new("Line").text("", line),
        Report::Lost { bytes } => Said::new("Lost").number("bytes", bytes),
    }
}

/// A payload: what its header says, and all its bytes as they came over the wire.
pub fn data_said(data: &Data<'_>, wire: &[u8]) -> Said {
    let bytes = if data.hex { from_hex(wire) } else { wire.to_vec() };
    let len =
        if data.len == 0 { i64::try_from(bytes.len()).unwrap_or(i64::MAX) } else { i64::from(data.len) };
    let said = Said::new("Data").link(data.link).number("len", len).text("bytes", bytes);
    let said = said.number_if("rest", data.rest);
    let said = said.text_if("from", data.from.map_or(String::new(), |from| from.to_string()));
    let said = said.text_if("proto", data.proto.map_or("", |proto| proto.word()));
    said.text_if("enc", if data.hex { "hex" } else { "" })
}

/// The bytes of hex digits; a pair that is none, and a lone digit at the end, stay as they came.
fn from_hex(digits: &[u8]) -> Vec<u8> {
    let value = |digit: u8| char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok());
    let mut bytes = Vec::with_capacity(digits.len() / 2);
    for pair in digits.chunks(2) {
        match pair {
            [high, low] => match (value(*high), value(*low)) {
                (Some(high), Some(low)) => bytes.push(high << 4 | low),
                _ => bytes.extend_from_slice(pair),
            },
            _ => bytes.extend_from_slice(pair),
        }
    }
    bytes
}

/// `"1.2.3.4","5.6.7.8"` or `1.2.3.4` as a list.
fn addresses(printed: &[u8]) -> Vec<String> {
    let parts = printed.split(|&byte| byte == b',');
    let parts = parts.map(|part| escape(part.trim_ascii()).trim_matches('"').trim().to_owned());
    parts.filter(|part| !part.is_empty()).collect()
}

#[cfg(test)]
mod tests;
