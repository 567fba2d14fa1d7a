@echo off
rem Serves the provider to the Pulumi engine, which starts this file and reads a port from its output.
setlocal
rem A release's archive has its own Node.js.
set "node=%~dp0node\node.exe"
if exist "%node%" goto found
set "node=node"
where node >nul 2>nul
if errorlevel 1 (
  echo pulumi-resource-formations needs Node.js 22.19 or newer on PATH: https://nodejs.org/ 1>&2
  exit /b 1
)
:found
if not exist "%~dp0bin\plugin\start.js" (
  echo pulumi-resource-formations is not built yet: run "npm install" in %~dp0 1>&2
  exit /b 1
)
"%node%" --max-semi-space-size=8 "%~dp0bin\plugin\start.js" %*
