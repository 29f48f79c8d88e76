/** Every error that this room throws on purpose is one of these. */
export class QuiesceError extends Error {
  constructor(message: string) {
    super(message);
    this.name = new.target.name;
  }
}

/** The memory given to `Domain.attach` is not a domain's, or a size given to `Domain.create` is out of range. */
export class BadBufferError extends QuiesceError {}

/** Every slot of the domain is claimed. */
export class DomainFullError extends QuiesceError {
  /** @param capacity the number of slots of the domain */
  constructor(readonly capacity: number) {
    super(
      `cannot register: all ${capacity} slots of the domain are claimed. ` +
        "Create the domain with a larger capacity, unregister readers that are done, " +
        "or give back the slots of a dead thread with domain.abandon(owner).",
    );
  }
}

/** What a caller did wrong; see each call's documentation. */
export type Misuse =
  | "unlock-without-lock"
  | "wrong-token"
  | "unregistered"
  | "section-open"
  | "synchronize-in-section"
  | "synchronize-while-leading"
  | "bad-pointer"
  | "bad-owner";

/** A call that breaks the protocol; it is detected where that costs next to nothing. */
export class MisuseError extends QuiesceError {
  /** @param misuse which rule was broken, for programs; the message is for people */
  constructor(
    readonly misuse: Misuse,
    message: string,
  ) {
    super(message);
  }
}
