import { defineConfig } from 'tsup';
import { preset } from '../../tooling/tsup.js';

// `node:sqlite` exists under that name alone: its prefix must stay.
export default defineConfig({ ...preset(), removeNodeProtocol: false });
