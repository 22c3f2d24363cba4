/** What a client sends: an order is accepted and processed later, a payment is settled in the answer. */
export type Kind = 'order' | 'payment';

/** One thing that a client wants done, with everything that it heard about it. True times in milliseconds since 1970. */
export interface Submission {
  readonly id: string;
  readonly kind: Kind;
  readonly sentAt: number;
  attempts: number;
  /** The first answer that promised something: 202, or 200 for a payment. */
  acknowledgedAt?: number;
  /** Where it was acknowledged: the answer's own word. */
  acknowledgedBy?: string;
  /** The client's last word when it gave up without an acknowledgement. */
  refusal?: string;
  /** A payment's verdict reached the client. */
  settledAt?: number;
}
