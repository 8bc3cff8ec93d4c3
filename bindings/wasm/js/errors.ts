import type { Event, RefusedError, Remedy, Why, Action } from "./wasm/simcom_at.js";

/** The module or the network said no, or did not answer. `text` is the module's line. */
export class CommandFailed extends Error {
  override readonly name = "CommandFailed";
  readonly action: Action;
  readonly link: number | undefined;
  readonly step: number;
  readonly why: Why;
  readonly code: number | string | undefined;
  readonly remedy: Remedy;
  readonly text: string;

  constructor(event: Extract<Event, { type: "Failed" }>) {
    const code = event.code === undefined ? "" : ` ${event.code}`;
    const text = event.text === "" ? "" : `: ${event.text}`;
    super(`${event.action} failed (${event.why}${code})${text}`);
    this.action = event.action;
    this.link = event.link;
    this.step = event.step;
    this.why = event.why;
    this.code = event.code;
    this.remedy = event.remedy;
    this.text = event.text;
  }
}

/** A payload did not go out, or not for certain: `outcome` is what is known of it. */
export class SendFailed extends Error {
  override readonly name = "SendFailed";
  readonly outcome: "accepted" | "not_sent" | "unknown" | "delivered";
  /** The bytes that were taken, or the most that may have been. */
  readonly bytes: number;

  constructor(event: Extract<Event, { type: "Sent" }>) {
    super(`the payload was not sent for certain: ${event.outcome}`);
    this.outcome = event.outcome;
    this.bytes = event.bytes ?? 0;
  }
}

/** The connection is closed. */
export class ConnectionClosed extends Error {
  override readonly name = "ConnectionClosed";
}

/** The port is gone, or was closed. */
export class PortLost extends Error {
  override readonly name = "PortLost";
}

/** Whether a call was not taken by the session. */
export function isRefused(error: unknown): error is RefusedError {
  return error instanceof Error && error.name === "Refused";
}
