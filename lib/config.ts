export { ConfigError, parseConfig } from './config/parse';
export type { TapConfig } from './config/schema';
