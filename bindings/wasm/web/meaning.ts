/** What reports and commands say, in words. */
import type { CommandForm, Report } from "simcom-at";

const STATS = ["not registered", "registered, home", "searching", "registration denied", "unknown", "registered, roaming"];

/** A report in words. */
export function meaning(report: Report): string {
  const on = onLink(report.link);
  const field = (name: string) => String(report[name] ?? "");
  switch (report.kind) {
    case "Ok": return "Done";
    case "Error": return report.word ? `Refused: ${report.word}` : "Refused";
    case "CmeError": return `Module error ${field("code")}${field("word")}`;
    case "CmsError": return `Message error ${field("code")}${field("word")}`;
    case "IpError": return `Network error ${field("code")}${field("word")}`;
    case "CipError": return `Network error ${field("code")}${field("word")}`;
    case "Prompt": return "Ready for payload";
    case "ConnectOk": return `Connected${on}`;
    case "ConnectFail": return `Could not connect${on}${report.err === undefined ? "" : ` (code ${field("err")})`}`;
    case "AlreadyConnected": return `Already connected${on}`;
    case "DataMode": return "Data mode begins: every byte is payload now";
    case "SendOk": return `Payload sent${on}`;
    case "SendFail": return `Payload not sent${on}`;
    case "DataAccept": return `${field("len")} bytes accepted${on}`;
    case "RxPending": return `Data waits in the module${on}`;
    case "RxAvail": return `${field("len")} bytes wait${on}`;
    case "Data": return `${field("len")} bytes received${on}${report.from ? ` from ${field("from")}` : ""}`;
    case "Closed": return `Closed by the other side${on}`;
    case "CloseOk": return `Closed${on}`;
    case "CloseErr": return `Could not be closed${on} (code ${field("err")})`;
    case "Shut": return "Context shut, all links closed";
    case "NetOpen": return field("err") === "0" ? "Network service open" : `Network service failed (code ${field("err")})`;
    case "NetClose": return "Network service closed";
    case "NetState": return field("open") === "1" ? "Network service is open" : "Network service is closed";
    case "NetLost": return "Network lost";
    case "PdpDeact": return "Context lost";
    case "State": return `State: ${field("word")}`;
    case "LinkState": return `Link${on} ${field("state").toLowerCase() || "listed"}${report.ip ? `: ${field("proto")} ${field("ip")}:${field("port")}` : ""}`;
    case "ServerState": return `Server on port ${field("port")}: ${field("state").toLowerCase()}`;
    case "LocalIp": return `Address ${field("ip")}`;
    case "Dns": return `Resolved: ${(report.ips as string[]).join(", ")}`;
    case "DnsFail": return `Name not resolved (code ${field("code")})`;
    case "ServerOk": return "Listening";
    case "ServerClose": return "No longer listening";
    case "Accepted": return `Client ${field("ip")}${on}`;
    case "Boot": return `Start-up: ${field("word")}`;
    case "PowerDown": return "The module switches off";
    case "PowerWarn": return "Supply voltage warning";
    case "Signal": return Number(report.rssi) > 31 ? "Signal unknown" : `Signal ${field("rssi")} of 31 (${-113 + 2 * Number(report.rssi)} dBm)`;
    case "Registration": return `Network: ${STATS[Number(report.stat)] ?? `state ${field("stat")}`}`;
    case "Sim": return `SIM: ${field("word")}`;
    case "Attach": return field("on") === "1" ? "Attached to packet service" : "Not attached";
    case "Ack": return `${field("acked")} of ${field("sent")} bytes acknowledged`;
    case "Ring": return "A call comes in";
    case "Sms": return `Message ${field("index")} came in`;
    case "Lost": return `${field("bytes")} bytes of a payload never came`;
    case "NoFinal": return "The last command has no final result";
    case "Line": return "Text";
    default: return report.text;
  }
}

function onLink(link: Report["link"]): string {
  return typeof link === "number" ? ` on link ${link}` : "";
}

const WHAT: Record<string, string> = {
  "": "Are you there?", E: "Echo", I: "Identity", V: "Words or numbers", O: "Back to data mode",
  "+CIPSTART": "Open a connection", "+CIPOPEN": "Open a connection", "+CIPSEND": "Send", "+CIPCLOSE": "Close a connection",
  "+CIPSHUT": "Shut the context", "+CIPRXGET": "Receive on request", "+CIPMUX": "One or many connections",
  "+CIPMODE": "Transparent mode", "+CIPSTATUS": "State of the links", "+CIPSERVER": "Server", "+SERVERSTART": "Start a server",
  "+SERVERSTOP": "Stop a server", "+CSTT": "Access point", "+CIICR": "Bring the context up", "+CIFSR": "Own address",
  "+IPADDR": "Own address", "+CSQ": "Signal", "+CREG": "Registration", "+CGREG": "Packet registration", "+CGATT": "Packet service",
  "+CMEE": "Error numbers", "+CPIN": "SIM", "+CDNSGIP": "Resolve a name", "+CGDCONT": "Define the context",
  "+CGACT": "Activate the context", "+NETOPEN": "Open the network service", "+NETCLOSE": "Close the network service",
  "+CIPACK": "What is acknowledged", "+CIPHEAD": "Header of received data", "+CIPQSEND": "Quick send", "+CIPSPRT": "Prompt",
  "+CIPSRIP": "Tell the sender", "+CIPTIMEOUT": "Timeouts", "+CFUN": "Power mode", "+IFC": "Flow control",
  "+CIPSGTXT": "Select the context", "+CIPUDPMODE": "Datagrams of any peer", "+CIPCCFG": "Transparent mode settings",
};

/** The manual's form of a command line, if it has one. */
export function formOf(line: string, forms: CommandForm[]): CommandForm | undefined {
  const name = /^AT([+&]?[A-Z]*)/i.exec(line.trim())?.[1]?.toUpperCase();
  if (name === undefined) return undefined;
  const rest = line.trim().slice(2 + name.length);
  const kind = rest.startsWith("=?") ? "test" : rest.startsWith("?") ? "read" : rest.startsWith("=") ? "set" : "exec";
  const named = forms.filter((form) => form.name === name || (form.name !== "" && name === form.name.slice(0, name.length) && name.length === 1));
  return named.find((form) => form.form === kind) ?? named[0];
}

/** What the host says, in words. */
export function commandMeaning(line: string, forms: CommandForm[]): string {
  const form = formOf(line, forms);
  if (!form) return line.trim().toUpperCase().startsWith("AT") ? "Command" : "Payload";
  const what = WHAT[form.name] ?? form.name;
  const how = { test: "which values?", read: "how is it set?", set: "", exec: "" }[form.form];
  return [what, how].filter(Boolean).join(": ");
}

/** Whether a report ends a command line. */
export function isFinal(kind: string): boolean {
  return ["Ok", "Error", "CmeError", "CmsError", "SendOk", "SendFail", "DataAccept", "CloseOk", "Shut", "LocalIp", "DataMode"].includes(kind);
}
