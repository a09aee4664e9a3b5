import { z } from 'zod';
import { towpathYamlSchema } from '../../domain/configuration/towpath-yaml-schema.ts';

// `npm run config:schema`: the JSON Schema by which editors complete and check a towpath.yaml.
process.stdout.write(`${JSON.stringify(z.toJSONSchema(towpathYamlSchema, { io: 'input' }), null, 2)}\n`);
