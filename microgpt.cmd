@echo off
rem Runs microgpt: microgpt train, microgpt sample, microgpt --help
rem
rem Builds the jar if there is none. After changing the code, run mvn verify or delete the jar.
rem
rem   JAVA_HOME           the JDK to use; default: the java on the PATH
rem   MICROGPT_OPTS       more JVM flags, separated by spaces (-Xmx4g)
rem   MICROGPT_CLASSPATH  jars with parts, models or optimizers of your own, separated by semicolons
rem   MICROGPT_RELAUNCH   0: never continue a long run in a second JVM, which has faster kernels
rem
rem Unlike the script for other systems, it makes no archive of classes, with which the program would start faster.

setlocal

set "ROOT=%~dp0"
set "JAR=%ROOT%microgpt-cli\target\microgpt.jar"

if not defined JAVA_HOME goto java_on_path
set "JAVA=%JAVA_HOME%\bin\java.exe"
if exist "%JAVA%" goto java_version
>&2 echo microgpt: JAVA_HOME is %JAVA_HOME%, which has no bin\java.exe; set it to a JDK, version 17 or newer, or unset it
exit /b 1

:java_on_path
set "JAVA=java.exe"
where /q java.exe && goto java_version
>&2 echo microgpt: there is no java on the PATH; install a JDK, version 17 or newer, or set JAVA_HOME
exit /b 1

:java_version
rem The first line is: openjdk version "17.0.15" 2025-04-15
set "VERSION="
for /f "tokens=3" %%v in ('^""%JAVA%" -version 2^>^&1^" ^| findstr /c:" version "') do if not defined VERSION set "VERSION=%%~v"
set "MAJOR="
for /f "tokens=1,2 delims=.-+_" %%a in ("%VERSION%") do if "%%a"=="1" (set "MAJOR=%%b") else (set "MAJOR=%%a")
if not defined MAJOR goto build
if %MAJOR% geq 17 goto build
>&2 echo microgpt: %JAVA% is Java %MAJOR%, but Java 17 or newer is required; set JAVA_HOME to a newer JDK
exit /b 1

:build
if exist "%JAR%" goto run
where /q mvn.cmd && goto package
>&2 echo microgpt: %JAR% has not been built, and there is no mvn on the PATH to build it; install Maven 3.8.7 or newer
exit /b 1

:package
>&2 echo microgpt: building %JAR%
rem Standard input is left to the command. Maven's output appears only if the build fails.
set "LOG=%TEMP%\microgpt-build-%RANDOM%.log"
pushd "%ROOT%"
call mvn -q -B -Dstyle.color=never -Djavac.failOnWarning=false -Dmaven.test.skip -Dmaven.javadoc.skip -Dmaven.source.skip -Dspotless.check.skip -Denforcer.skip package -pl microgpt-cli -am <nul >"%LOG%" 2>&1
set "STATUS=%ERRORLEVEL%"
popd
if not "%STATUS%"=="0" type "%LOG%" >&2
del "%LOG%"
if "%STATUS%"=="0" goto run
>&2 echo microgpt: the build failed; run mvn -B verify in %ROOT% for details
exit /b 1

:run
if defined MICROGPT_CLASSPATH goto run_with_jars
"%JAVA%" %MICROGPT_OPTS% "-Dmicrogpt.command=%~0" -jar "%JAR%" %*
exit /b %ERRORLEVEL%

:run_with_jars
"%JAVA%" %MICROGPT_OPTS% "-Dmicrogpt.command=%~0" -cp "%JAR%;%MICROGPT_CLASSPATH%" dev.microgpt.cli.Main %*
exit /b %ERRORLEVEL%
