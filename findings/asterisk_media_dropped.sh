#!/usr/bin/env bash
# Asterisk 22.10.1 (chan_websocket): what an application sends is dropped without a word, in four ways that look like a good stream:
# - outside START_MEDIA_BUFFERING whatever is left over after whole 20 ms frames of each message: messages of 1000 bytes lose 36 %,
#   messages of 10 ms (320 bytes of slin16) everything;
# - all beyond 1000 frames: of 40 s sent at once, as one does with a prompt, 20 s are kept (MEDIA_XOFF comes before that, but as advice);
# - FLUSH_MEDIA takes the marks of what it drops along: their MEDIA_MARK_PROCESSED and MEDIA_BUFFERING_COMPLETED never come;
# - a command of more than 128 bytes, say a mark with a long correlation id, is ignored.
# Only the log (or a queue length asked for with GET_STATUS) shows it. Fails when the behaviour changes.
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
printf '[global]\ntype = global\ncontrol_message_format = json\n' > chan_websocket.conf
{ printf '[modules]\nautoload = no\n'; printf 'load = %s.so\n' $load; } > modules.conf
asterisk=("$tree"/usr/lib64/ld-linux-x86-64.so.2 --library-path "$libraries:$libraries/asterisk" "$tree/usr/sbin/asterisk" -C "$work/etc/asterisk.conf")
"${asterisk[@]}" -f -n > "$folder/log" 2>&1 &
timeout 60 bash -c "until [ -S $work/run/asterisk.ctl ]; do sleep 0.2; done" && "${asterisk[@]}" -rx "core waitfullybooted"
"$folder/env/bin/python" - "$port" <<'PY'
import asyncio
import json
import sys

from aiohttp import ClientSession, encode_basic_auth

HTTP = f"http://127.0.0.1:{sys.argv[1]}"


async def kept(http: ClientSession, size: int, count: int, buffered: bool = False, flush: bool = False) -> tuple[int, list[str]]:
    """How many frames are queued after `count` messages of `size` bytes, and what else was answered."""
    how = {"transport": "websocket", "encapsulation": "none", "external_host": "INCOMING", "connection_type": "server"}
    async with http.post(f"{HTTP}/ari/channels/externalMedia", params=how | {"app": "line", "format": "slin16"}) as answer:
        place = (await answer.json())["channelvars"]["MEDIA_WEBSOCKET_CONNECTION_ID"]
    media = await http.ws_connect(f"{HTTP}/media/{place}", protocols=("media",))

    async def say(command: str, name: str = "") -> None:
        await media.send_str(json.dumps({"command": command} | ({"correlation_id": name} if name else {})))

    await say("PAUSE_MEDIA")
    if buffered:
        await say("START_MEDIA_BUFFERING")
    for _ in range(count):
        await media.send_bytes(bytes(size))
    if flush:
        for command, name in (("MARK_MEDIA", "dropped"), ("STOP_MEDIA_BUFFERING", "end"), ("FLUSH_MEDIA", "")):
            await say(command, name)
        for name in ("n" * 120, "behind"):
            await say("MARK_MEDIA", name)
        await say("CONTINUE_MEDIA")
        await asyncio.sleep(1)
    await say("GET_STATUS")
    heard: list[str] = []
    while (event := await media.receive_json(timeout=10))["event"] != "STATUS":
        heard.append(" ".join([event["event"], event.get("correlation_id", "")]).strip())
    await media.close()
    return event["queue_length"], heard[1:]


async def main() -> None:
    async with ClientSession(headers={"Authorization": encode_basic_auth("user", "word")}) as http:
        events = await http.ws_connect(f"{HTTP}/ari/events?app=line")
        got = [await kept(http, 1000, 100), await kept(http, 320, 100), await kept(http, 1000, 100, buffered=True)]
        got += [await kept(http, 32_000, 40, buffered=True), await kept(http, 32_000, 1, buffered=True, flush=True)]
        print("\n".join(map(str, got)))
        assert got[:2] == [(100, []), (0, [])], "left-overs are kept now"
        assert got[2][0] in (156, 157) and got[3] == (1000, ["MEDIA_XOFF"]), "it keeps another length now"
        assert got[4] == (0, ["MEDIA_MARK_PROCESSED behind"]), "it tells of what was flushed now"
        await events.close()


asyncio.run(main())
PY
