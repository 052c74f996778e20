export type { MemoryPeer } from './memory/memory-peer.js';
export type { MemoryHandler, MemoryTransportOptions } from './memory/memory-transport.js';
export { memoryTransport } from './memory/memory-transport.js';
