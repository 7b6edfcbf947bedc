# 医保热线。`make` 列出命令。
PHONE ?= none
export RASA_TELEMETRY_ENABLED := false
RUN := .venv/bin/python -m service

help:  ## 列出命令
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

demo: .env-ready  ## 装好一切并运行（PHONE=asterisk 同时开通电话）
	@$(RUN) demo --phone $(PHONE)

test: .env-dev  ## 装好测试所需的一切，然后运行全部测试
	@$(MAKE) --no-print-directory -j 2 .all-set-up .checked  # training takes one core, the checks the other
	.venv/bin/pytest -n 2 --dist loadscope --no-loadscope-reorder --reruns 1 -rfER  # docs/decisions/2026-11-26-tests-on-a-busy-machine.md

check: .env-dev .checked  ## 风格、类型和快的测试（不需要模型、Asterisk、浏览器），两分钟以内
	.venv/bin/pytest -q -n 2 --dist loadscope --no-loadscope-reorder -m "not engine and not phone and not browser"

models: .env-ready  ## 下载官方中文 Vosk 模型（需要互联网）
	@$(RUN) models

reset:  ## 忘掉演示数据（数据库、日志、密钥）；模型和缓存保留
	rm -rf var/yibao.db* var/secrets.env var/demo_staff.txt var/log var/asterisk

lock:  ## 由 requirements*.in 重新锁定依赖
	.venv/bin/uv pip compile -q --generate-hashes --no-emit-index-url --no-header --no-annotate --python-version 3.11 requirements.in -o requirements.txt
	.venv/bin/uv pip compile -q --generate-hashes --no-emit-index-url --no-header --no-annotate --python-version 3.11 requirements-dev.in -o requirements-dev.txt
	.venv/bin/uv pip compile -q --generate-hashes --no-emit-index-url --no-header --no-annotate --python-version 3.10 bot/requirements.in -o bot/requirements.txt

.env-ready:
	@python3 service/bootstrap.py

.env-dev:
	@python3 service/bootstrap.py --dev

.all-set-up:
	@$(RUN) setup --phone asterisk --tests

.checked:
	.venv/bin/ruff check . && .venv/bin/ruff format --check .
	.venv/bin/mypy base bot casework connectors demo knowledge language service staff voice

.PHONY: help demo test check models reset lock .env-ready .env-dev .all-set-up .checked
.DEFAULT_GOAL := help
