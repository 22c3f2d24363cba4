import type { HttpAnswer, HttpResult, Web } from '../aws/ports';
import type { Clock } from '../kernel/clock';
import type { Network } from '../network/network';

/** A request as it arrives at an endpoint. */
export interface WebRequest {
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly body?: string;
}

/** Whoever answers at an address. */
export interface Front {
  /** Whether the address is this front's. */
  serves(address: string): boolean;
  request(address: string, request: WebRequest, done: (answer: HttpAnswer) => void): void;
}

/** What the way to the endpoints needs. */
export interface EndpointsParts {
  readonly clock: Clock;
  readonly network: Network;
  readonly fronts: readonly Front[];
  /** A region whose endpoints take connections no longer. */
  readonly isDark: (region: string) => boolean;
}

/** The platform's own endpoints as callers outside reach them: APIs and load balancers behind their DNS names. */
export class Endpoints implements Web {
  constructor(private readonly parts: EndpointsParts) {}

  /** The region that an AWS endpoint's name says: `d-abc.execute-api.eu-central-1.amazonaws.com`. */
  placeOf(address: string): string {
    const region = /\.([a-z]{2}(?:-[a-z]+)+-\d)\.(?:elb\.)?amazonaws\.com$/.exec(address)?.[1];
    if (region === undefined) throw new Error(`${address} says no region`);
    return region;
  }

  send(from: string, address: string, request: WebRequest, done: (result: HttpResult) => void): void {
    const { clock, network } = this.parts;
    const to = this.placeOf(address);
    const there = network.pass(from, to);
    const back = network.pass(to, from);
    if (there.kind === 'lost') return;
    if (there.kind === 'refused') {
      clock.after(there.ms, () => done({ kind: 'refused', why: 'the connection was refused' }));
      return;
    }
    if (back.kind !== 'passes') return;
    const connectMs = 2 * (there.ms + back.ms);
    clock.after(connectMs + there.ms, () => {
      this.arrive(address, request, (answer) => {
        const home = network.pass(to, from);
        if (home.kind === 'passes') clock.after(home.ms, () => done({ kind: 'answered', answer, connectMs }));
      });
    });
  }

  /** A request at the endpoint's door. */
  arrive(address: string, request: WebRequest, done: (answer: HttpAnswer) => void): void {
    const { fronts, isDark } = this.parts;
    if (isDark(this.placeOf(address))) return;
    const front = fronts.find((one) => one.serves(address));
    if (!front) throw new Error(`nobody answers at ${address}`);
    front.request(address, request, done);
  }
}
