/**
 * A field of a resource that its type does not have, such as one of a newer Ray; `undefined` where there is none.
 *
 * @example
 * ```ts
 * import { AgentClient, fieldOf } from '@raywire/agent';
 *
 * const client = new AgentClient({ baseURL: 'http://127.0.0.1:8899' });
 * for (const node of await client.listNodes()) console.log(node.node_id, fieldOf(node, 'cpu_percent'));
 * ```
 */
export function fieldOf(resource: object, name: string): unknown {
  return Object.hasOwn(resource, name) ? Reflect.get(resource, name) : undefined;
}
