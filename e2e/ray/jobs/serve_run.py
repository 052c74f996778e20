"""An imperative Serve application: it stays when this job has ended."""
import sys

import hello_serve
from ray import serve

serve.start(proxy_location="Disabled")
serve.run(hello_serve.app, name=sys.argv[1], route_prefix=None)
