import type { TapConfig } from '../../lib/config';
import type { Plan, PlannedConcern, PlannedPlace } from './plan';

const WIDTH = 116;
const INDENT = ' '.repeat(6);

/** The plan as text for a terminal: what is created where, under which names, and what to know before. */
export function renderPlan(plan: Plan, config: TapConfig, seconds: number): string {
  return [
    ...header(plan, config, seconds),
    ...plan.places.flatMap((place) => ['', ...renderPlace(place, config)]),
    '',
    ...renderOutputs(plan),
    '',
    ...renderWarnings([...config.warnings, ...plan.warnings]),
  ].join('\n');
}

function header(plan: Plan, config: TapConfig, seconds: number): string[] {
  return [
    `${plan.project}/${plan.stack}: ${plan.resources} resources, evaluated in ${seconds.toFixed(1)} s without an account`,
    `  primary ${config.primaryRegion}, dr ${config.drRegion}, witness ${config.witnessRegion}`,
    `  environment ${config.environment}, suffix ${config.environmentSuffix}, domain ${config.environmentSuffix}.${config.domain}`,
    `  workloads ${[config.trading && 'trading', config.payments && 'payments'].filter(Boolean).join(', ')}; NAT ${config.natStrategy}`,
    `  targets: region lost ${config.rtoSeconds} s, database alone ${config.databaseRtoSeconds} s, data loss ${config.rpoSeconds} s; failover ${config.failoverMode}`,
  ];
}

function renderPlace({ place, resources, concerns }: PlannedPlace, config: TapConfig): string[] {
  const role = place === config.primaryRegion ? 'primary ' : place === config.drRegion ? 'dr ' : '';
  return [`${role}${place}: ${resources} resources`, ...concerns.flatMap(renderConcern)];
}

function renderConcern({ concern, name, types, names }: PlannedConcern): string[] {
  const kinds = Object.entries(types).map(([type, count]) => (count === 1 ? type : `${count} ${type}`));
  return [
    `  ${concern} / ${name}`,
    ...wrap(kinds.join(', ')),
    ...(names.length > 0 ? wrap(`named ${names.join(', ')}`) : []),
  ];
}

function renderOutputs({ outputs }: Plan): string[] {
  const names = Object.keys(outputs).sort();
  const width = Math.max(0, ...names.map((name) => name.length));
  return [`outputs: ${names.length}`, ...names.map((name) => `  ${name.padEnd(width)}  ${shown(outputs[name])}`)];
}

const shown = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

function renderWarnings(warnings: readonly string[]): string[] {
  if (warnings.length === 0) return ['no warnings'];
  return [`warnings: ${warnings.length}`, ...warnings.map((warning) => `  ! ${warning}`)];
}

/** Breaks a comma-separated list into lines of the terminal's width. */
function wrap(text: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && INDENT.length + line.length + 1 + word.length > WIDTH) {
      lines.push(INDENT + line);
      line = '';
    }
    line += line === '' ? word : ` ${word}`;
  }
  return [...lines, INDENT + line];
}
