#!/usr/bin/env bash
# Asterisk 22.10.1 (ARI): one look at an application from elsewhere ends it for good, and its first listener cannot tell. When a second client
# opens /ari/events?app=line, the first is sent ApplicationReplaced and nothing more. When the second leaves again, even at once, the events do not
# come back: the application is gone (404, and calls that reach Stasis(line) fail), while the first websocket stays open and still answers
# pings, so heartbeats and reconnecting on a closed socket notice nothing. A trial with a command line client, or an old process that
# ends after the new one began, so takes a hotline off the air. ApplicationReplaced has to be treated as a disconnect.
# Fails when the behaviour changes.
version=1:22.10.1+dfsg+~cs6.17.60671434-1
load="res_timing_timerfd res_sorcery_config res_sorcery_memory res_sorcery_astdb res_http_websocket res_websocket_client chan_websocket res_stasis
  res_stasis_answer res_stasis_playback res_stasis_recording res_stasis_snoop app_stasis res_ari res_ari_model res_ari_applications
  res_ari_bridges res_ari_channels res_ari_events codec_resample format_sln"
set -euo pipefail
folder=$(mktemp -d); trap 'kill %1 2>/dev/null && wait %1 || true; rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install -q aiohttp==3.14.5
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -m1 '/debian/*$')
tree=$folder/tree work=$folder/work port=$((20000 + RANDOM % 10000))
mmdebstrap --quiet --variant=extract --mode=chrootless --aptopt='Acquire::Check-Valid-Until "false"' \
  --include="asterisk=$version,asterisk-modules=$version" sid "$tree" "deb [trusted=yes] $mirror sid main"
libraries=$tree/usr/lib/x86_64-linux-gnu modules=$tree/usr/lib/x86_64-linux-gnu/asterisk/modules
mkdir -p "$work"/{etc,data,db,spool,run,log} && cd "$work/etc"
ln -s "$tree"/usr/share/asterisk/{rest-api,documentation} "$work/data"
printf '%s\n' '[directories]' "astetcdir => $work/etc" "astmoddir => $modules" "astvarlibdir => $work/data" "astdatadir => $work/data" \
  "astdbdir => $work/db" "astkeydir => $work/db" "astspooldir => $work/spool" "astrundir => $work/run" "astlogdir => $work/log" > asterisk.conf
touch {extensions,indications,features,acl,ccss,udptl,stasis,cdr,cel,manager,pjproject,websocket_client,chan_websocket,logger}.conf
printf '[general]\nenabled = yes\nbindaddr = 127.0.0.1\nbindport = %s\n' "$port" > http.conf
printf '[general]\nenabled = yes\n[user]\ntype = user\npassword = word\npassword_format = plain\n' > ari.conf
{ printf '[modules]\nautoload = no\n'; printf 'load = %s.so\n' $load; } > modules.conf
asterisk=("$tree"/usr/lib64/ld-linux-x86-64.so.2 --library-path "$libraries:$libraries/asterisk" "$tree/usr/sbin/asterisk" -C "$work/etc/asterisk.conf")
"${asterisk[@]}" -f -n > "$folder/log" 2>&1 &
timeout 60 bash -c "until [ -S $work/run/asterisk.ctl ]; do sleep 0.2; done" && "${asterisk[@]}" -rx "core waitfullybooted"
"$folder/env/bin/python" - "$port" <<'PY'
import asyncio
import sys

from aiohttp import ClientSession, encode_basic_auth

ARI = f"http://127.0.0.1:{sys.argv[1]}/ari"


async def main() -> None:
    async with ClientSession(headers={"Authorization": encode_basic_auth("user", "word")}) as http:

        async def tell(name: str) -> int:
            """Have an event sent to the application; 404 when nobody is that application."""
            async with http.post(f"{ARI}/events/user/{name}?application=line") as answer:
                return answer.status

        first = await http.ws_connect(f"{ARI}/events?app=line")
        assert await tell("one") == 204 and (await first.receive_json(timeout=5))["eventname"] == "one"
        second = await http.ws_connect(f"{ARI}/events?app=line")
        assert (await first.receive_json(timeout=5))["type"] == "ApplicationReplaced"
        await second.close()
        await asyncio.sleep(1)
        status = await tell("two")
        ping = asyncio.create_task(first.receive())
        await first.ping(b"there?")
        await asyncio.sleep(3)
        print("the second has left: application", status, "- first socket closed:", first.closed, "- anything heard:", ping.done())
        assert (status, first.closed, ping.done()) == (404, False, False), "the first one is served or told now"


asyncio.run(main())
PY
