export type { FakeJobEnd, FakeJobInit } from './testing/fake-job.js';
export { type FakeRay, type FakeRayOptions, fakeRay } from './testing/fake-ray.js';
