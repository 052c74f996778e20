// Only the import. Its caller measures the whole process.
import '@raywire/agent';
