import type { Range } from '../../kernel/random';

/** What API Gateway does differently from run to run. Milliseconds. */
export interface ApiGatewayNature {
  /** What it adds to the function's own time. */
  readonly overheadMs: Range;
  /** When in each minute the metrics are published. */
  readonly metricsAtMs: Range;
}

/** Assumed: AWS documents that Latency contains an overhead beside IntegrationLatency, and no number. */
export const API_GATEWAY_NATURE: ApiGatewayNature = {
  overheadMs: { least: 2, most: 15 },
  metricsAtMs: { least: 0, most: 59_999 },
};
