import { afterEach, describe, expect, it, vi } from 'vitest';
import { dashboardAddress } from './dashboard-address.js';

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('the address of a dashboard', () => {
  it.each([
    ['http://head:8265', 'http://head:8265'],
    ['head:8265', 'http://head:8265'],
    ['127.0.0.1:8265', 'http://127.0.0.1:8265'],
    ['https://example.org/clusters/a/', 'https://example.org/clusters/a/'],
  ])('%s is %s', (given, address) => {
    expect(dashboardAddress(given)).toBe(address);
  });

  it('is that of the option, then RAY_API_SERVER_ADDRESS, then RAY_ADDRESS, then the default port', () => {
    vi.stubEnv('RAY_API_SERVER_ADDRESS', '');
    vi.stubEnv('RAY_ADDRESS', '');
    expect(dashboardAddress(undefined)).toBe('http://127.0.0.1:8265');
    vi.stubEnv('RAY_ADDRESS', 'auto');
    expect(dashboardAddress(undefined)).toBe('http://127.0.0.1:8265');
    vi.stubEnv('RAY_ADDRESS', 'http://second:8265');
    expect(dashboardAddress(undefined)).toBe('http://second:8265');
    vi.stubEnv('RAY_API_SERVER_ADDRESS', 'http://first:8265');
    expect(dashboardAddress(undefined)).toBe('http://first:8265');
    expect(dashboardAddress('http://given:8265')).toBe('http://given:8265');
  });

  it('explains what ray:// is', () => {
    expect(() => dashboardAddress('ray://head:10001')).toThrow(/Ray Client protocol.*8265/);
    vi.stubEnv('RAY_API_SERVER_ADDRESS', 'ray://head:10001');
    expect(() => dashboardAddress(undefined)).toThrow(/^RAY_API_SERVER_ADDRESS begins with ray:/);
  });
});
