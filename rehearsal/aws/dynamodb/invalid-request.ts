/** A request that DynamoDB turns away as it stands: answered as `ValidationException`, with this message. */
export class InvalidRequestError extends Error {
  override name = 'InvalidRequestError';
}

/** @throws InvalidRequestError always. */
export function invalid(message: string): never {
  throw new InvalidRequestError(message);
}
