import { describe, expect, it } from 'vitest';
import { fileContent, operatorDifferences } from '../../../src/domain/configuration/file-content.ts';
import { parseTowpathYaml } from '../../../src/domain/configuration/parse-towpath-yaml.ts';

const FILE = `departments: [support]
environments:
  - { name: development }
  - { name: staging, channel: C0STAGING, approvals: [{ role: lead }] }
  - { name: production }
people: { U0LEE: lead, U0ADA: admin }
`;
const operatorsOf = (text: string) => fileContent(parseTowpathYaml(text, { fileName: 'towpath.yaml' })).operators;
const differing = (text: string) => operatorDifferences(operatorsOf(FILE), operatorsOf(text));

describe('what only a start applies, where two files say something else', () => {
  it('is named by its place', () => {
    const other = FILE.replace('C0STAGING', 'C0OTHER')
      .replace('role: lead }]', 'role: lead, count: 2 }]')
      .replace('U0LEE: lead', 'U0LEE: admin, U0NEW: lead')
      .replace('[support]', '[support, sales]');
    expect(differing(`${other}defaultRole: viewer\nruns: { keep: 60d }\nsecretFolders: [/etc/keys]\n`)).toEqual([
      'departments',
      'environments.staging.channel',
      'environments.staging.approvals',
      'people.U0LEE',
      'people.U0NEW',
      'defaultRole',
      'secretFolders',
      'runs',
    ]);
    expect(differing(FILE.replace(', U0ADA: admin', ''))).toEqual(['people.U0ADA']);
    expect(differing(`${FILE}runners: { privateOrigins: ['http://10.0.0.5:8080'] }\n`)).toEqual(['runners']);
    const asking = FILE.replace('role: lead }]', 'role: lead }], requires: { tests: { minPassRate: 0.9 } }');
    expect(differing(asking)).toEqual(['environments.staging.requires.tests']);
  });

  it('is nothing where only settings differ, or nothing does', () => {
    expect(differing(FILE)).toEqual([]);
    expect(differing(FILE.replace('{ name: development }', '{ name: development, settings: { model: a } }'))).toEqual(
      [],
    );
  });

  it('is an environment as a whole where it is new or gone, and those that have another place after it', () => {
    expect(differing(FILE.replace('  - { name: staging', '  - { name: qa }\n  - { name: staging'))).toEqual([
      'environments.qa',
      'environments.staging',
      'environments.production',
    ]);
    expect(differing(FILE.replace('  - { name: production }\n', ''))).toEqual(['environments.production']);
  });
});
