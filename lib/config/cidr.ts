/** An IPv4 range as whole numbers: the network address and how many leading bits are fixed. */
export interface Cidr {
  readonly network: number;
  readonly prefix: number;
}

const PRIVATE_RANGES = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'];

/** Reads `10.10.0.0/16`; anything else, leading zeros included, is undefined. The address need not be aligned. */
export function parseCidr(text: string): (Cidr & { readonly address: number }) | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text);
  if (!match) return undefined;
  const parts = match.slice(1);
  if (parts.some((part) => String(Number(part)) !== part)) return undefined;
  const [a = 0, b = 0, c = 0, d = 0, prefix = 0] = parts.map(Number);
  if ([a, b, c, d].some((octet) => octet > 255) || prefix > 32) return undefined;
  const address = ((a * 256 + b) * 256 + c) * 256 + d;
  return { address, network: address - (address % size(prefix)), prefix };
}

/** The range in AWS's notation. */
export function formatCidr({ network, prefix }: Cidr): string {
  const octets = [24, 16, 8, 0].map((shift) => Math.floor(network / 2 ** shift) % 256);
  return `${octets.join('.')}/${prefix}`;
}

/** Do two ranges share an address? */
export function overlap(one: Cidr, other: Cidr): boolean {
  return one.network < other.network + size(other.prefix) && other.network < one.network + size(one.prefix);
}

/** Does the range lie wholly in one of RFC 1918's private ranges? */
export function isPrivate(range: Cidr): boolean {
  return PRIVATE_RANGES.map(parseCidr).some(
    (outer) => outer !== undefined && outer.prefix <= range.prefix && overlap(outer, range),
  );
}

function size(prefix: number): number {
  return 2 ** (32 - prefix);
}
