"""Runs the README's last step: the real server with the plugin that was just built.

serve_plugin.py OPSLEDGER PLUGIN_FOLDER WORK_FOLDER
"""

import json
import subprocess
import sys
import urllib.request

binary, plugins, work = sys.argv[1:]
server = subprocess.Popen(
    [binary, "serve", "--plugins", plugins, "--data", work + "/data", "--listen", "127.0.0.1:0"],
    stdout=subprocess.PIPE, text=True)
try:
    url = server.stdout.readline().split()[-1]
    request = urllib.request.Request(url + "/v1/commands/warranty.register",
                                     json.dumps({"sku": "LAMP"}).encode(),
                                     {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        position = json.load(answer)["position"]
    table = f"{url}/v1/tables/warranty.warranties?min_position={position}"
    with urllib.request.urlopen(table, timeout=30) as answer:
        rows = json.load(answer)
finally:
    server.terminate()
    code = server.wait(30)
assert [row["sku"] for row in rows] == ["LAMP"], rows
assert code == 0, code
