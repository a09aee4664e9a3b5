import { describe, expect, it } from 'vitest';
import { formatBundle } from '../../../src/domain/workflow/bundle/format-bundle.ts';
import { parseBundle } from '../../../src/domain/workflow/bundle/parse-bundle.ts';
import { isMask, masksIn } from '../../../src/domain/workflow/masks.ts';
import { readDefinition } from '../../../src/domain/workflow/parse-document.ts';
import { maskSource, pushedLine } from '../../../src/domain/workflow/secrets/mask-source.ts';
import { PRIVATE_KEY, SAMPLES } from '../../support/documents/secret-samples.ts';
import { testHash } from '../../support/documents/with-test-documents.ts';

const mask = (source: string) => maskSource(source, testHash);
/** `path kind` of all that was masked in a document. */
async function placesIn(document: unknown): Promise<string[]> {
  const { secrets } = await mask(JSON.stringify(document));
  return secrets.map(({ path, kind }) => `${path} ${kind}`);
}

describe('a secret by the name of its key', () => {
  it.each([
    ['api_key', 'k3-secret-value', 'api-key'],
    ['apikey', 'k3-secret-value', 'api-key'],
    ['openAIApiKey', 'k3-secret-value', 'api-key'],
    ['X-Api-Key', 'k3-secret-value', 'api-key'],
    ['AWS_SECRET_ACCESS_KEY', 'abc', 'api-key'],
    ['token', 'abc', 'token'],
    ['accessToken', 'abc', 'token'],
    ['password', 'hunter2', 'password'],
    ['password', 'correct horse battery staple', 'password'],
    ['db_password', 'p', 'password'],
    ['client_secret', 'abc', 'secret'],
    ['private_key', 'abc', 'private-key'],
    ['Authorization', 'Basic dXNlcjpwYXNz', 'authorization'],
    ['password', 'my-secret-password', 'password'],
    ['password', '$ecret!', 'password'],
  ])('%s: %s', async (key, value, kind) => {
    expect(await placesIn({ a: { [key]: value } })).toEqual([expect.stringMatching(new RegExp(` ${kind}$`))]);
  });

  it.each([
    ['maxTokens', '800'],
    ['max_tokens', 800],
    ['eos_token', '<|end|>'],
    ['next_page_token', 'abc123def456'],
    ['tokens', 'many of them'],
    ['token_count', 'abc123def456'],
    ['keyboard', 'qwerty123456'],
    ['authentication', 'headerAuth'],
    ['api_key_name', 'production-key-1'],
    ['secretary', 'Ada Lovelace 1815'],
    ['password', ''],
    ['password', null],
    ['password', true],
    ['secret', 'A short description of it'],
    ['token', 5],
  ])('%s: %s is none', async (key, value) => {
    expect(await placesIn({ a: { [key]: value } })).toEqual([]);
  });

  it.each([
    '${API_KEY}',
    'Bearer ${API_KEY}',
    '{{ env.API_KEY }}',
    '{{#env.api_key#}}',
    '={{ $env.API_KEY }}',
    '=Bearer {{ $json.token }}',
    '$env.API_KEY',
    '$API_KEY',
    '%API_KEY%',
    'OPENAI_API_KEY',
    'process.env.API_KEY',
    "os.environ['API_KEY']",
    '{api_key}',
    '<your api key>',
    'your-api-key',
    'op://vault/item/key',
    'sk-...',
    '********',
    'string',
  ])('%s names one and stays', async (value) => {
    expect(await placesIn({ api_key: value, headers: { Authorization: value } })).toEqual([]);
  });

  it('goes from a default, whose variable stays', async () => {
    const { source } = await mask('api_key: ${API_KEY:k3-secret-value}\n');
    expect(source).toMatch(/^api_key: \$\{API_KEY:masked~api-key~[0-9a-f]{16}\}\n$/);
  });

  it('leaves the scheme before it readable', async () => {
    const { source } = await mask('{"authorization": "Bearer k3secretvalue"}');
    expect(source).toMatch(/^\{"authorization": "Bearer masked~authorization~[0-9a-f]{16}"\}$/);
  });

  it('is followed through an alias', async () => {
    const { source, secrets } = await mask('shared: &pw k3secret\nlogin: { password: *pw }\n');
    expect(source).toMatch(/^shared: &pw masked~password~[0-9a-f]{16}\nlogin: \{ password: \*pw \}\n$/);
    expect(secrets).toEqual([{ path: 'shared', line: 1, kind: 'password' }]);
  });

  it('may be a number of some length, which becomes a text', async () => {
    expect(JSON.parse((await mask('{"password": 12345678, "n": 1}')).source)).toEqual({
      password: expect.stringMatching(/^masked~password~/),
      n: 1,
    });
  });
});

describe('what formats call a secret', () => {
  it('is a header of n8n by its name', async () => {
    const parameters = (name: string) => ({
      parameters: { headerParameters: { parameters: [{ name, value: 'abc' }] } },
    });
    expect(await placesIn({ nodes: [parameters('Authorization'), parameters('X-Title')] })).toEqual([
      'nodes[0].parameters.headerParameters.parameters[0].value authorization',
    ]);
  });

  it('is an environment variable of Dify whose type says so', async () => {
    const variables = [
      { name: 'ACCESS', value: 'abc', value_type: 'secret' },
      { name: 'MODE', value: 'fast', value_type: 'string' },
    ];
    expect(await placesIn({ workflow: { environment_variables: variables } })).toEqual([
      'workflow.environment_variables[0].value secret',
    ]);
  });

  it('is a field of Langflow that hides its value, unless the value is the name of a variable', async () => {
    const field = (value: string, load_from_db: boolean) => ({ password: true, load_from_db, value, type: 'str' });
    const template = { api_key: field('OpenAI key', true), other: field('abc', false), third: field('', false) };
    expect(await placesIn({ data: { node: { template } } })).toEqual(['data.node.template.other.value secret']);
  });
});

describe('a secret by its shape', () => {
  it.each(Object.entries(SAMPLES))('is found in a prompt: %s', async (_service, secret) => {
    const { source, secrets } = await mask(JSON.stringify({ steps: [{ task: `Call it with ${secret} please.` }] }));
    expect(source).not.toContain(secret);
    expect(source).toMatch(/Call it with masked~[a-z0-9-]+~[0-9a-f]{16} please\./);
    expect(secrets).toMatchObject([{ path: 'steps[0].task', line: 1 }]);
  });

  it.each([
    ['postgres://app:s3cret@db.example.com/x', 'postgres://app:MASK@db.example.com/x'],
    ['mongodb+srv://u:p@ss/w0rd@c.example.net', null],
    ['redis://:s3cret@cache:6379', 'redis://:MASK@cache:6379'],
    ['https://api.example.com/v1?key=a1b2c3d4e5&q=x', 'https://api.example.com/v1?key=MASK&q=x'],
    ['https://api.example.com/v1?q=x&access_token=abcdef', 'https://api.example.com/v1?q=x&access_token=MASK'],
    ['Server=db;User Id=sa;Password=s3cret;Timeout=5', 'Server=db;User Id=sa;Password=MASK;Timeout=5'],
    ['postgres://app:${DB_PASSWORD}@db/x', 'postgres://app:${DB_PASSWORD}@db/x'],
    ['https://api.example.com/v1?key={{ $env.KEY }}', 'https://api.example.com/v1?key={{ $env.KEY }}'],
    ['https://example.com/a?key=name', 'https://example.com/a?key=name'],
    ['write to ada@example.com', 'write to ada@example.com'],
  ])('in an address: %s', async (address, kept) => {
    const { url } = JSON.parse((await mask(JSON.stringify({ url: address }))).source);
    if (kept === null) expect(url).not.toContain('p@ss');
    else expect(url.replace(/masked~[a-z0-9-]+~[0-9a-f]{16}/, 'MASK')).toBe(kept);
  });

  it('is found in code, and is none where code only names it', async () => {
    const code = 'client = Client(api_key="a1b2c3d4e5f6")\nclient.login(password=self.password, token=get_token())';
    const { source } = await mask(JSON.stringify({ code }));
    expect(masksIn(source)).toHaveLength(1);
    expect(source).toContain('password=self.password, token=get_token()');
  });

  it('is found again wherever else it stands', async () => {
    const { source, secrets } = await mask(`api_key: k3longsecret42\nnote: try k3longsecret42 # k3longsecret42\n`);
    expect(source).not.toContain('k3longsecret42');
    expect(new Set(masksIn(source)).size).toBe(1);
    expect(secrets.map(({ line }) => line)).toEqual([1, 2, 2]);
  });

  it('is not what an annotation for another tool says may stay', async () => {
    const { source } = await mask(`# secretlint-disable\na: ${SAMPLES.github}\n`);
    expect(source).not.toContain(SAMPLES.github);
  });
});

describe('how it is written', () => {
  const yaml = (text: string) => readDefinition(text, { format: 'generic' }).document;

  it('may be several lines, indented', async () => {
    const block = PRIVATE_KEY.split('\n')
      .map((line) => `    ${line}`)
      .join('\n');
    const source = `a:\n  cert: |\n    first\n${block}\n    last\nb: [\n`;
    const masked = await mask(source);
    expect(masked.source).toMatch(
      /^a:\n {2}cert: \|\n {4}first\n {4}masked~private-key~[0-9a-f]{16}\n {4}last\nb: \[\n$/,
    );
    expect(pushedLine(6, masked.missingLines)).toBe(9);
    expect(pushedLine(4, masked.missingLines)).toBe(4);
  });

  it('may be written with escapes', async () => {
    const source = `{"a": "x \\u0067${SAMPLES.github.slice(1)} \\/y", "k": ${JSON.stringify(PRIVATE_KEY)}}`;
    const masked = await mask(source);
    expect(masked.source).toMatch(
      /^\{"a": "x masked~github~[0-9a-f]{16} \\\/y", "k": "masked~private-key~[0-9a-f]{16}"\}$/,
    );
  });

  it('may be quoted, folded or a key', async () => {
    const source = `a: 'it''s ${SAMPLES.github}'\nb: >-\n  one\n  ${SAMPLES.slack}\n  two\n${SAMPLES.stripe}: 1\n`;
    const { source: masked } = await mask(source);
    for (const secret of Object.values(SAMPLES)) expect(masked).not.toContain(secret);
    expect(yaml(masked)).toMatchObject({
      a: expect.stringMatching(/^it's masked~github~/),
      b: expect.stringMatching(/^one masked~slack~\S+ two$/),
    });
  });

  it('may stand in comments, front matter, broken files and files of any kind', async () => {
    for (const source of [
      `a: 1 # ${SAMPLES.github}\n# password: hunter2-hunter2\n`,
      `// ${SAMPLES.github}\n{"a": 1, /* api_key=a1b2c3d4e5f6 */ "b": 2,}`,
      `---\nmodel: { api_key: ${SAMPLES.github} }\n---\nsystem: [{{\nUse ${SAMPLES.github}.\n`,
      `a: [unfinished\n${SAMPLES.github}: "\n`,
      `import os\nKEY = "${SAMPLES.github}"\n`,
    ]) {
      const masked = await mask(source);
      expect(masked.source, source).not.toMatch(/ghp_|hunter2|a1b2c3d4/);
      expect(masked.source.split('\n')).toHaveLength(source.split('\n').length);
    }
  });

  it('leaves a document without secrets as it is, its order mark and line ends too', async () => {
    const source = '\uFEFF{ "b" : 1.0,\r\n\t"a": "\\u0041 \\/" }\r\n';
    expect(await mask(source)).toEqual({ source, secrets: [], missingLines: [] });
  });
});

describe('masks', () => {
  it('are the same for the same secret, others for another one, and nobody’s own without the key', async () => {
    const of = async (secret: string, hash = testHash) =>
      masksIn((await maskSource(`password: ${secret}`, hash)).source);
    expect(await of('one-1')).toEqual(await of('one-1'));
    expect(await of('one-1')).not.toEqual(await of('two-2'));
    expect(await of('one-1')).not.toEqual(await of('one-1', (secret) => testHash(`other${secret}`)));
  });

  it('stay as they are when a masked source is pushed', async () => {
    const { source } = await mask(JSON.stringify({ password: 'hunter2', p: `x ${SAMPLES.openai}`, u: 'a://b:c@d' }));
    expect(await mask(source)).toEqual({ source, secrets: [], missingLines: [] });
    expect(isMask(JSON.parse(source).password)).toBe(true);
  });

  it('are made in each file of a bundle by itself', async () => {
    const files = [
      { path: 'a.yaml', content: 'x: 1\npassword: hunter2\n' },
      { path: 'b.py', content: `KEY = "${SAMPLES.github}"\r\n` },
      { path: 'c.txt', content: 'plain' },
    ];
    const { source, secrets } = await mask(formatBundle(files));
    expect(secrets).toEqual([
      { file: 'a.yaml', path: 'password', line: 2, kind: 'password' },
      { file: 'b.py', path: '', line: 1, kind: 'github' },
    ]);
    expect(parseBundle(source)?.map(({ content }) => content)).toEqual([
      expect.stringMatching(/^x: 1\npassword: masked~password~[0-9a-f]{16}\n$/),
      expect.stringMatching(/^KEY = "masked~github~[0-9a-f]{16}"\r\n$/),
      'plain',
    ]);
  });

  it('are bounded in number', async () => {
    const many = JSON.stringify(Array.from({ length: 2_001 }, (_, index) => ({ password: `secret-${index}` })));
    await expect(mask(many)).rejects.toMatchObject({
      code: 'invalid_definition',
      userMessage: expect.stringContaining('2,000'),
    });
  });

  it.each([
    ['marked by a field beside it', (at: number) => `  - name: Authorization\n    value: s3cr-${at}\n`],
    ['in a list', (at: number) => `  - s3cret-${at}\n`],
  ])('are bounded in number in YAML, too, where each is %s', async (_what, item) => {
    const many = `api_keys:\n${Array.from({ length: 2_500 }, (_, at) => item(at)).join('')}`;
    await expect(mask(many)).rejects.toMatchObject({ userMessage: expect.stringContaining('2,000') });
  });

  it('are told of by paths that hold no secret, where one is a key', async () => {
    const key = SAMPLES.github;
    const { secrets } = await mask(JSON.stringify({ users: { [key]: { password: 'hunter2' } } }));
    expect(secrets.map(({ path }) => path)).toEqual(['users["…"]', 'users["…"].password']);
  });
});
