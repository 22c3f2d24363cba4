import { PlatformError } from '../../lambda/shared/errors';

/** A request that ends in an answer other than success; `code` is what a client may branch on. */
export class ServiceError extends PlatformError {
  override readonly name: string = 'ServiceError';

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    options: { readonly cause?: unknown } = {},
  ) {
    super(message, options);
  }
}

/** The client sent something that no retry makes right: 400, 405 or 413. */
export class RequestRefusedError extends ServiceError {
  override readonly name = 'RequestRefusedError';
}

/** Nothing is there under this address: 404. */
export class NotFoundError extends ServiceError {
  override readonly name = 'NotFoundError';

  constructor(what: string) {
    super(404, 'NOT_FOUND', `${what} was not found`);
  }
}

/** A store did not answer in time or refused: 503, a later try may succeed; `cause` is the store's own error. */
export class StoreUnavailableError extends ServiceError {
  override readonly name = 'StoreUnavailableError';

  constructor(store: string, cause: unknown) {
    super(503, 'STORE_UNAVAILABLE', `${store} is unavailable`, { cause });
  }
}
