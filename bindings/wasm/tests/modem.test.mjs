// The package against its virtual modem, in Node: streams, servers, data mode, faults.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { CommandFailed, Modem, SendFailed, Session, VirtualModem, VirtualTransport, commands, load, notices } from "simcom-at";
import { PACKAGE } from "./files.mjs";

await load();

const DIALECTS = ["sim800", "sim800e", "sim7000", "kingcom", "a7600", "rda8955"];
const bytes = (length, held = 256) => Uint8Array.from({ length }, (_, at) => ((at * 167) ^ (at >> 3)) % held);

async function connect(t, dialect, options = {}, settings = undefined) {
  const transport = new VirtualTransport(dialect, options);
  const modem = await Modem.connect(transport, { dialect, apn: "internet", settings: { pauseMs: 0, ...settings } });
  t.after(() => modem.disconnect());
  return { modem, transport };
}

async function read(stream, length) {
  const reader = stream.getReader();
  const all = [];
  while (all.length < length) {
    const { value, done } = await reader.read();
    if (done) break;
    all.push(...value);
  }
  reader.releaseLock();
  return Uint8Array.from(all);
}

for (const dialect of DIALECTS) {
  test(`${dialect}: what is sent comes back, byte by byte`, async (t) => {
    const { modem } = await connect(t, dialect);
    const connection = await modem.openConnection({ host: "example.com", port: 7 });
    const payload = bytes(20_000, dialect === "kingcom" ? 26 : 256);
    const writer = connection.writable.getWriter();
    const [back] = await Promise.all([read(connection.readable, payload.length), writer.write(payload)]);
    assert.deepEqual(back, payload);
    await writer.close();
    assert.deepEqual(await connection.closed, { why: "local", certain: true });
    assert.equal(modem.connections.length, 0);
  });
}

test("an address is resolved, the signal and the links are told", async (t) => {
  const { modem } = await connect(t, "sim800", { knobs: { rssi: 17 } });
  assert.deepEqual(await modem.signal(), { rssi: 17, ber: 0 });
  assert.equal((await modem.resolve("example.com")).length, 1);
  assert.equal(await modem.registration(), 1);
  await modem.openConnection({ host: "example.com", port: 7 });
  const rows = await modem.status();
  assert.equal(rows.find((row) => row.link === 0).state, "connected");
  assert.deepEqual((await modem.raw("AT+CSQ")).length, 1);
});

test("settings are set and asked for", async (t) => {
  const { modem } = await connect(t, "a7600");
  await modem.set("ciptimeout", undefined, undefined, 30_000);
  assert.deepEqual(await modem.ask("ciptimeout"), ["+CIPTIMEOUT: 120000,120000,30000"]);
  assert.deepEqual(await modem.ranges("cipsendmode"), ["+CIPSENDMODE: (0,1)"]);
  await modem.setDns("8.8.4.4", "9.9.9.9");
  assert.match((await modem.ask("cdnscfg")).join(" "), /8\.8\.4\.4.*9\.9\.9\.9/);
  await assert.rejects(modem.set("cipmux", 1));
});

test("the end of the peer ends the stream behind all its bytes", async (t) => {
  const { modem, transport } = await connect(t, "a7600");
  transport.modem.serve(4000, "burst", 30_000);
  const connection = await modem.openConnection({ host: "example.com", port: 4000 });
  let count = 0;
  for await (const piece of connection.readable) count += piece.length;
  assert.equal(count, 30_000);
  assert.equal((await connection.closed).why, "peer");
});

test("what nobody reads stays in the module", async (t) => {
  const { modem, transport } = await connect(t, "sim800");
  transport.modem.serve(4000, "chargen", 200_000);
  const connection = await modem.openConnection({ host: "example.com", port: 4000 });
  await new Promise((done) => setTimeout(done, 300));
  const before = transport.modem.statistics().toHost.delivered;
  assert.ok(before < 60_000, `${before} bytes came`);
  assert.equal((await read(connection.readable, 200_000)).length, 200_000);
});

test("clients come to a server", async (t) => {
  const { modem, transport } = await connect(t, "sim7000");
  const server = await modem.listen(8888);
  const token = transport.modem.connect(8888, performance.now());
  transport.modem.peerSend(token, new TextEncoder().encode("ping"), performance.now());
  transport.poll();
  const connection = await server.accepted();
  assert.equal(new TextDecoder().decode(await read(connection.readable, 4)), "ping");
  const writer = connection.writable.getWriter();
  await writer.write(new TextEncoder().encode("pong"));
  assert.equal(new TextDecoder().decode(transport.modem.peer(connection.link).received), "pong");
  await server.close();
});

test("datagrams stay whole", async (t) => {
  const { modem } = await connect(t, "sim800");
  const connection = await modem.openConnection({ host: "example.com", port: 7, udp: true });
  const writer = connection.writable.getWriter();
  const reader = connection.readable.getReader();
  for (const size of [1, 700, 1400]) {
    await writer.write(bytes(size));
    assert.deepEqual((await reader.read()).value, bytes(size));
  }
});

test("data mode carries bytes, is left and gone back to", async (t) => {
  const { modem } = await connect(t, "sim800", {}, { transparent: true });
  const connection = await modem.openConnection({ host: "example.com", port: 7 });
  assert.ok(modem.session.isDataMode);
  const writer = connection.writable.getWriter();
  const payload = bytes(5_000);
  const [back] = await Promise.all([read(connection.readable, payload.length), writer.write(payload)]);
  assert.deepEqual(back, payload);
  await modem.leaveData();
  assert.equal(modem.session.isDataMode, false);
  assert.ok((await modem.signal()).rssi <= 31);
  await modem.enterData();
  await writer.write(bytes(100));
  assert.deepEqual(await read(connection.readable, 100), bytes(100));
});

test("a refusal says why, and changes nothing", async (t) => {
  const { modem } = await connect(t, "sim800");
  await assert.rejects(modem.openConnection({ host: 'a"b', port: 7 }), { name: "Refused", reason: "bad_text" });
  await assert.rejects(modem.raw("AT+CIPSEND=0,5"), { name: "Refused", reason: "framing" });
  await assert.rejects(modem.openConnection({ host: "example.com", port: 1 }), (error) => {
    assert.ok(error instanceof CommandFailed);
    assert.equal(error.why, "connect_fail");
    return true;
  });
  assert.throws(() => new Session("sim900"), RangeError);
  assert.throws(() => new Session("sim800", { nosuch: 1 }), TypeError);
  assert.throws(() => new VirtualModem("sim800", { knobs: { nosuch: 1 } }), TypeError);
  await modem.openConnection({ host: "example.com", port: 7 });
});

test("a send that fails is told", async (t) => {
  const { modem, transport } = await connect(t, "sim800");
  const connection = await modem.openConnection({ host: "example.com", port: 7 });
  transport.modem.fault({ kind: "send_fail" });
  const writer = connection.writable.getWriter();
  writer.closed.catch(() => undefined);
  await assert.rejects(writer.write(bytes(10)), (error) => error instanceof SendFailed && error.outcome === "unknown");
});

test("a send past the stream fails alone", async (t) => {
  const { modem, transport } = await connect(t, "sim800");
  const connection = await modem.openConnection({ host: "example.com", port: 7 });
  transport.modem.fault({ kind: "send_fail" });
  await assert.rejects(connection.send(bytes(10)), (error) => error instanceof SendFailed && error.outcome === "unknown");
  await connection.send(bytes(20));
  assert.deepEqual(await read(connection.readable, 20), bytes(20));
  await connection.close();
  await assert.rejects(connection.send(bytes(1)), { name: "ConnectionClosed" });
});

test("a restart ends every connection", async (t) => {
  const { modem, transport } = await connect(t, "sim800");
  const connection = await modem.openConnection({ host: "example.com", port: 7 });
  const events = modem.events();
  transport.modem.notify({ kind: "restart" }, performance.now());
  transport.poll();
  for await (const event of events) if (event.type === "Restarted") break;
  assert.equal((await connection.closed).why, "restart");
});

test("a noisy line costs lines, not the connection's order", async (t) => {
  const { modem, transport } = await connect(t, "sim800");
  transport.modem.setLine({ delayMs: 5, piece: 3 });
  const connection = await modem.openConnection({ host: "example.com", port: 7 });
  const writer = connection.writable.getWriter();
  const [back] = await Promise.all([read(connection.readable, 3_000), writer.write(bytes(3_000))]);
  assert.deepEqual(back, bytes(3_000));
});

test("a modem that does not answer is given up", async (t) => {
  const { modem, transport } = await connect(t, "sim800");
  transport.modem.fault({ kind: "hang", ms: 60_000 });
  transport.poll();
  await assert.rejects(modem.raw("AT+CSQ", 200), { name: "CommandFailed", why: "timeout" });
});

test("commands with a pause in between go out by themselves", async (t) => {
  const { modem } = await connect(t, "sim800", {}, { pauseMs: 3 });
  for (let count = 0; count < 200; count++) await modem.raw("AT", 1_000);
});

test("disconnecting ends what goes on", async (t) => {
  const { modem } = await connect(t, "sim800");
  const connection = await modem.openConnection({ host: "example.com", port: 7 });
  const resolving = modem.resolve("example.com");
  const events = modem.events();
  await modem.disconnect();
  await assert.rejects(resolving, { name: "PortLost" });
  await assert.rejects(connection.closed, { name: "PortLost" });
  await assert.rejects(modem.signal(), { name: "PortLost" });
  const seen = [];
  for await (const event of events) seen.push(event.type);
  assert.equal(seen.at(-1), "PortLost");
});

test("the rows of each dialect are there", () => {
  for (const dialect of DIALECTS) {
    assert.ok(commands(dialect).length > 20, dialect);
    assert.ok(notices(dialect).every((row) => row.meaning !== ""), dialect);
  }
});

test("each of the two modules is loaded alone", () => {
  const says = (program) => execFileSync("node", ["--input-type=module", "-e", `import * as it from "simcom-at"; ${program}`], { cwd: PACKAGE, encoding: "utf8" });
  const works = "const modem = new it.VirtualModem('a7600'); modem.receive(new TextEncoder().encode('AT\\r')); console.log(new TextDecoder().decode(modem.dataToSend(100)).includes('OK'));";
  assert.equal(says(`await it.loadVirtual(); ${works}`), "true\n");
  assert.equal(says("await it.loadHost(); console.log(new it.Observer('sim800', { echo: 'off' }).receive(new TextEncoder().encode('\\r\\nRING\\r\\n'))[0].kind);"), "Ring\n");
  assert.equal(says("await it.loadHost(); try { new it.VirtualModem('a7600'); } catch { console.log('not loaded'); }"), "not loaded\n");
});

test("a session alone, without time or line", () => {
  const session = new Session("sim800");
  const modem = new VirtualModem("sim800");
  session.probe(0);
  const seen = [];
  for (let now = 0; now < 1_000; now = Math.min(session.nextTimeout() ?? 1e9, modem.nextTimeout() ?? 1e9)) {
    modem.receive(session.dataToSend(undefined, now), now);
    seen.push(...session.receive(modem.dataToSend(now), now));
    if (seen.some((event) => event.type === "Ready")) break;
  }
  assert.deepEqual(seen.map((event) => event.type), ["Line", "Done", "Ready"]);
  assert.equal(seen[0].text, "SIM800 R14.18");
});
