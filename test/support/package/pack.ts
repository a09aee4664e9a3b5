import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const ROOT = resolve(import.meta.dirname, '../../..');
/** What a build reads of a checkout. */
const SOURCES = ['package.json', 'README.md', 'manifest.yml', 'tsconfig.json', '.gitignore', 'prisma', 'src'];

/** The tarball that people install, made by `npm pack` in a checkout without anything built. */
export interface Packed {
  /** Paths of the files in it. */
  files: string[];
  /** Installs it into an empty folder, with these of the packages that it depends on, or all but some. Gives the folder. */
  install(packages: 'none' | { without: string[] }): Promise<string>;
  remove(): Promise<void>;
}

export async function pack(): Promise<Packed> {
  const folder = await mkdtemp(join(tmpdir(), 'towpath-pack-'));
  const checkout = join(folder, 'checkout');
  await mkdir(checkout);
  for (const source of SOURCES)
    await cp(join(ROOT, source), join(checkout, source), {
      recursive: true,
      filter: (path) => !path.includes('/persistence/generated'),
    });
  await symlink(join(ROOT, 'node_modules'), join(checkout, 'node_modules'));
  await run('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: checkout, maxBuffer: 64 * 1024 * 1024 });
  const tarball = join(folder, (await readdir(folder)).find((name) => name.endsWith('.tgz')) ?? 'no-tarball');
  const { stdout } = await run('tar', ['-tzf', tarball], { maxBuffer: 16 * 1024 * 1024 });

  return {
    files: stdout
      .trim()
      .split('\n')
      .map((path) => path.replace(/^package\//, '')),
    async install(packages) {
      const home = await mkdtemp(join(folder, 'home-'));
      const place = join(home, 'node_modules', 'towpath');
      await mkdir(place, { recursive: true });
      await run('tar', ['-xzf', tarball, '-C', place, '--strip-components=1']);
      if (packages !== 'none') await linkPackages(place, packages.without);
      await linkCommand(home, place);
      return home;
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** As npm would install them, but without a registry: the packages that the tarball names are those of this checkout. */
async function linkPackages(place: string, without: readonly string[]): Promise<void> {
  const { dependencies, optionalDependencies } = await manifestOf(place);
  for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
    if (without.includes(name)) continue;
    const link = join(place, '..', name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(join(ROOT, 'node_modules', name), link);
  }
}

async function linkCommand(home: string, place: string): Promise<void> {
  const commands = join(home, 'node_modules', '.bin');
  await mkdir(commands);
  await symlink(join(place, (await manifestOf(place)).bin['towpath'] ?? ''), join(commands, 'towpath'));
}

interface Manifest {
  dependencies: Record<string, string>;
  optionalDependencies: Record<string, string>;
  bin: Record<string, string>;
}

async function manifestOf(place: string): Promise<Manifest> {
  return JSON.parse(await readFile(join(place, 'package.json'), 'utf8')) as Manifest;
}
