export type { FakeJobEnd, FakeJobInit } from './fake/fake-job.js';
export { type FakeRay, type FakeRayOptions, fakeRay } from './fake/fake-ray.js';
