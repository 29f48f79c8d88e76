/** A part of the page that keys act on, while it has the focus or is the first of its kind. */
export interface Keyed {
  readonly element: HTMLElement;
  readonly keys: Readonly<Record<string, () => void>>;
  /** Those that act only while it has the focus: the page needs them, too. */
  /** Called when it stands in the page: what is current is put into view. */
  readonly shown?: () => void;
  readonly ownKeys?: Readonly<Record<string, () => void>>;
}
