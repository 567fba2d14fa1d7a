@echo off
rem Runs the command `formations`.
setlocal
rem A release's archive has its own Node.js.
set "node=%~dp0node\node.exe"
if exist "%node%" goto found
set "node=node"
where node >nul 2>nul
if errorlevel 1 (
  echo formations needs Node.js 22.19 or newer on PATH: https://nodejs.org/ 1>&2
  exit /b 1
)
:found
if not exist "%~dp0bin\command\main.js" (
  echo formations is not built yet: run "npm install" in %~dp0 1>&2
  exit /b 1
)
"%node%" "%~dp0bin\command\main.js" %*
