import { AgentClient } from '@raywire/agent';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { JobLog } from './JobLog.jsx';
import { send } from './send.mjs';

send(async ({ baseURL, agentToken }) => {
  const client = new AgentClient({ baseURL, agentToken });
  const { job_id: jobId } = await client.submitJob({ entrypoint: "seq -f 'line %.0f' 1 1000" });
  const element = document.body.appendChild(document.createElement('main'));
  const shown = new Promise((resolve) => {
    new MutationObserver(() => element.textContent.endsWith('line 1000') && resolve()).observe(element, {
      childList: true,
      characterData: true,
      subtree: true,
    });
  });
  const root = createRoot(element);
  root.render(
    <StrictMode>
      <JobLog client={client} jobId={jobId} />
    </StrictMode>,
  );
  await shown;
  const lines = element.textContent.split('\n').length;
  root.unmount();
  await client.close();
  return { lines };
});
