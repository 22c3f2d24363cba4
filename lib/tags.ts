import type { TapConfig } from './config';
import type { RegionRole } from './regions';

/** What every resource of one region carries, through its provider's default tags (N6). */
export function defaultTags(config: TapConfig, role: RegionRole, regionName: string): Record<string, string> {
  return {
    ...config.tags,
    Environment: config.environment,
    EnvironmentSuffix: config.environmentSuffix,
    Region: regionName,
    'DR-Role': role,
    Repository: config.repository,
    Author: config.author,
    CostCenter: config.costCenter,
  };
}
