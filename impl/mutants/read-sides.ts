import { ReadSideCode } from "../read-side.js";
import { atomicStore, type Code, constant, localGet, localSet, subtract } from "../wasm.js";

/** The reader's hot path with one step changed each; what and why stands in seen.ts and unseen.ts. */

const ANNOUNCED = 0;
const NUMBER = 1;

export class AnnouncesZero extends ReadSideCode {
  protected override announce(): Code {
    return [...this.point("Announce"), ...this.storeAnnounced(constant(0))];
  }
}

export class AnnouncesStaleNumber extends ReadSideCode {
  protected override loadGp(): Code {
    return [...super.loadGp(), ...localGet(NUMBER), ...constant(2), ...subtract, ...localSet(NUMBER)];
  }
}

export class LoadsNumberEarly extends ReadSideCode {
  protected override loadGp(): Code {
    return [...this.gp(), ...localSet(NUMBER), ...this.point("LoadGp")];
  }
}

export class AnnouncesAnyNumber extends ReadSideCode {
  protected override announce(): Code {
    return [...this.point("Announce"), ...this.storeAnnounced(localGet(NUMBER))];
  }
}

export class UnlocksEarly extends ReadSideCode {
  protected override endAnnouncement(): Code {
    return [...this.storeAnnounced(constant(0)), ...this.point("Unlock")];
  }
}

export class UnlockKeepsAnnouncing extends ReadSideCode {
  protected override endAnnouncement(): Code {
    return this.point("Unlock");
  }
}

export class NoticeBeforeUnlock extends ReadSideCode {
  override unlock(): Code {
    return [
      ...this.loadNotice(),
      ...this.point("Unlock"),
      ...localGet(ANNOUNCED),
      ...constant(0),
      ...atomicStore(0),
    ];
  }
}

export class UnlockAndForget extends ReadSideCode {
  protected override loadNotice(): Code {
    return constant(0);
  }
}
