/** A region's name, `outside` for the internet, or `global` for the control planes that live in us-east-1. */
export type Place = string;

/** What becomes of one message from a place to another, at one moment. */
export type Passage =
  | { readonly kind: 'passes'; readonly ms: number }
  /** It disappears, without a word. */
  | { readonly kind: 'lost' }
  /** Somebody on the way says no at once. */
  | { readonly kind: 'refused'; readonly ms: number };

/** Who reaches whom, and how long it takes. Asked per message, request and answer apart, so that half-open paths come by themselves. */
export interface Network {
  pass(from: Place, to: Place): Passage;
}
