/** What a word of `.github/iam` may be, and what it looks like, for a message. */
interface Form {
  readonly form: RegExp;
  readonly like: string;
}

const REGION: Form = { form: /^[a-z]{2}(?:-[a-z]+)+-\d$/, like: 'eu-west-1' };
const NUMBER: Form = { form: /^[1-9]\d*$/, like: '74' };

/**
 * The words in capitals, each with its form. None of the forms has a `*`, `?` or `$`: in a policy those are patterns and variables,
 * and one of them in OWNER or ENVIRONMENT would admit strangers. STACK alone may be `pr-*`.
 */
const WORDS: Readonly<Record<string, Form>> = {
  ACCOUNT_ID: { form: /^\d{12}$/, like: '12 digits' },
  STATE_BUCKET: { form: /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, like: 'the name of a bucket' },
  STATE_REGION: REGION,
  STATE_KEY_ID: {
    form: /^(?:mrk-[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/,
    like: "the key's id, no alias",
  },
  ENVIRONMENT: { form: /^[\w-]+$/, like: 'pull-requests' },
  STACK: { form: /^(?:pr-\*|[a-z0-9][a-z0-9-]*)$/, like: 'pr-*, or the name of a stack' },
  OWNER: { form: /^[\w-]+$/, like: 'octo-org' },
  OWNER_ID: NUMBER,
  REPOSITORY: { form: /^[\w.-]+$/, like: 'platform' },
  REPOSITORY_ID: NUMBER,
  PRIMARY_REGION: REGION,
  DR_REGION: REGION,
  DOMAIN: { form: /^(?:[a-z0-9-]+\.)+[a-z0-9-]+$/, like: 'trading.example.com' },
  HOSTED_ZONE_ID: { form: /^[A-Z0-9]{1,32}$/, like: 'Z0123456789ABC, without /hostedzone/' },
  SECRET_NAME: { form: /^[\w/+=.@-]+$/, like: 'trading/database, the name and no ARN' },
};

/** Every word that may stand in a policy. */
export const POLICY_WORDS: readonly string[] = Object.keys(WORDS);

/** A word in capitals, whole: neither a part of STATE_REGION nor of CreateDBInstance. */
export const POLICY_WORD = /(?<![A-Za-z_])[A-Z][A-Z_]*[A-Z](?![A-Za-z_])/g;

/**
 * Reads `WORD=value`, everything after the first `=` being the value; of two for one word the later counts.
 * @throws Error with every word that is unknown or whose value is not of its form.
 */
export function parseWords(words: readonly string[]): Readonly<Record<string, string>> {
  const pairs = words.map((text) => {
    const [word = ''] = text.split('=', 1);
    return { word, value: text.slice(word.length + 1) };
  });
  const wrong = pairs.flatMap(({ word, value }) => {
    const known = WORDS[word];
    if (known === undefined) return [`there is no word ${word}; there are ${POLICY_WORDS.join(', ')}`];
    return known.form.test(value) ? [] : [`${word} is ${JSON.stringify(value)}; wanted is ${known.like}`];
  });
  if (wrong.length > 0) throw new Error(wrong.join('\n'));
  return Object.fromEntries(pairs.map(({ word, value }) => [word, value]));
}

/**
 * A policy with its words filled in. The forms hold no character that means something in JSON.
 * @throws Error naming every word of the policy that has no value.
 */
export function fillPolicy(text: string, values: Readonly<Record<string, string>>): string {
  const missing = [...text.matchAll(POLICY_WORD)].map(([word]) => word).filter((word) => values[word] === undefined);
  if (missing.length > 0) {
    const all = [...new Set(missing)].map((word) => `${word}=... (${WORDS[word]?.like ?? 'unknown'})`);
    throw new Error(`the policy needs ${all.join(', ')}`);
  }
  return text.replace(POLICY_WORD, (word) => values[word] ?? word);
}
