/** Where a pipeline keeps Pulumi's state and the key of its secrets, and which regions the stack may lose. */
export interface StateLocation {
  /** PULUMI_BACKEND_URL. */
  readonly backendUrl: string | undefined;
  /** PULUMI_SECRETS_PROVIDER. */
  readonly secretsProvider: string | undefined;
  readonly primaryRegion: string;
  readonly drRegion: string;
}

const WANTED = {
  PULUMI_BACKEND_URL: { scheme: 's3:', like: 's3://BUCKET?region=REGION&awssdk=v2' },
  PULUMI_SECRETS_PROVIDER: { scheme: 'awskms:', like: 'awskms://alias/NAME?region=REGION' },
} as const;

type Variable = keyof typeof WANTED;

/**
 * What is wrong with the place of the state, each as a sentence for the log; none: it is right.
 *
 * The state and its key must be in neither region of the stack: whoever has lost one of them needs the state to change
 * anything. A passphrase would be a secret for ever in GitHub.
 */
export function stateProblems(location: StateLocation): readonly string[] {
  return [
    ...problems('PULUMI_BACKEND_URL', location.backendUrl, location),
    ...problems('PULUMI_SECRETS_PROVIDER', location.secretsProvider, location),
  ];
}

function problems(variable: Variable, value: string | undefined, location: StateLocation): readonly string[] {
  const { scheme, like } = WANTED[variable];
  if (value === undefined || value === '') return [`${variable} is not set; wanted is ${like}`];
  if (!URL.canParse(value)) return [`${variable} is ${value}, which is no URL; wanted is ${like}`];
  const url = new URL(value);
  if (url.protocol !== scheme) return [`${variable} is ${value}; wanted is ${like}`];
  const region = url.searchParams.get('region');
  if (region === null || region === '') return [`${variable} is ${value} and names no region; wanted is ${like}`];
  const role = Object.entries({ primary: location.primaryRegion, dr: location.drRegion }).find(
    ([, name]) => name === region,
  );
  if (role === undefined) return [];
  return [
    `${variable} is in ${region}, which is this stack's ${role[0]}: without that region nobody could change the stack; ` +
      `take a third one, for example the witness' (docs/pipelines.md)`,
  ];
}
