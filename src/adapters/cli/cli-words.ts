/** Commands that are typed alike in Slack and here, but for what stands before them. */
const ALIKE = ['deploy', 'promote', 'rollback'];
const BELOW_TOWPATH = [
  'status',
  'history',
  'diff',
  'audit',
  'env',
  'runs',
  'push',
  'rollout',
  'token',
  'why',
  'unlock',
  'locks',
  'unfreeze',
];

/** A refusal as the server writes it for everybody, with the words of a command line where there are some. */
export function inCliWords(text: string): string {
  return text
    .replace(/^The request is not as the API describes it: /, '')
    .replace(/`\/(\w+)( [^`]*)?`/g, (whole, verb: string, rest = '') => {
      if (ALIKE.includes(verb)) return `\`towpath ${verb}${withOptions(verb, rest)}\``;
      const [below = ''] = String(rest).trim().split(' ');
      return verb === 'towpath' && BELOW_TOWPATH.includes(below) ? `\`towpath${rest}\`` : whole;
    })
    .replace(/(?:body|query)\.onBehalfOf|[`“]onBehalfOf[`”]/g, '--on-behalf-of');
}

/** In Slack a reason and a version follow as they are. */
function withOptions(verb: string, rest: string): string {
  return verb === 'rollback' ? rest.replace(/ to (v?\w)/, ' --to $1') : rest;
}
