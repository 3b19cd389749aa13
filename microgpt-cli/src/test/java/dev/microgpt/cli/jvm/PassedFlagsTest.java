package dev.microgpt.cli.jvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PassedFlagsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "-Xmx1g",
                "-XX:MaxRAMPercentage=50",
                "-XX:+UseSerialGC",
                "-Dmicrogpt.log=debug",
                "-Dcom.sun.managements=1",
                "-Dx=-XX:SharedArchiveFile=a.jsa",
                "--add-modules=java.sql",
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "-ea",
                "-Xshare:off",
                "-Xlog:gc",
                "-Xlog:cds*",
                "-Xlog:aot*=off,gc",
                "-Xlog:gc*:stdout",
                "-Xlog:gc:stderr:uptime",
                "-Xlog:gc::uptime",
                "-Xlog:disable",
                "-Xlog",
                "-Xlog:gc:file=gc-%p.log",
                "-Xloggc:gc-%p.log",
                "-XX:NativeMemoryTracking=summary",
                "-XX:HeapDumpPath=heap.hprof"
            })
    void whatShapesTheJvmIsPassedOn(String flag) {
        List<String> flags = List.of("-Da=b", flag, "-Xss1m");
        assertEquals(flags, PassedFlags.of(flags));
        assertNull(PassedFlags.observer(flags));
        assertNull(PassedFlags.missed(flags));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-XX:SharedArchiveFile=stale.jsa",
                "-XX:ArchiveClassesAtExit=new.jsa",
                "-XX:+AutoCreateSharedArchive",
                "-XX:SharedClassListFile=classes.lst",
                "-XX:DumpLoadedClassList=classes.lst",
                "-XX:+RecordDynamicDumpInfo",
                "-XX:+VerifySharedSpaces",
                "-Xlog:aot*=off",
                "-Xlog:cds*=off",
                "-Xshare:on",
                "-XX:AOTCache=app.aot",
                "-XX:AOTCacheOutput=app.aot",
                "-XX:AOTConfiguration=app.aotconf",
                "-XX:AOTMode=on",
                "-XX:+AOTClassLinking",
                "-XX:Flags=flags.txt",
                "-XX:VMOptionsFile=options.txt",
                "-Dcom.sun.management.jmxremote",
                "-Dcom.sun.management.jmxremote.authenticate=false",
                "-Dcom.sun.management.jdp.port=7095",
                "-XX:+ManagementServer"
            })
    void whatBelongsToOneJvmIsDropped(String flag) {
        assertEquals(List.of("-Xmx1g", "-ea"), PassedFlags.of(List.of("-Xmx1g", flag, "-ea")));
        assertNull(PassedFlags.observer(List.of(flag)));
        assertNull(PassedFlags.missed(List.of(flag)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-Dcom.sun.management.jmxremote.port=9010",
                "-Dcom.sun.management.config.file=management.properties",
                "-Xlog:gc*:file=gc.log",
                "-Xlog:gc:gc.log:uptime:filecount=5",
                "-Xlog:gc:stdout.log",
                "-Xlog::all.log",
                "-Xloggc:gc.log",
                "-XX:LogFile=vm.log"
            })
    void whatTheUserWillMissIsNamed(String flag) {
        List<String> flags = List.of("-Dcom.sun.management.jmxremote.ssl=false", flag);
        assertEquals(List.of(), PassedFlags.of(flags));
        assertEquals(flag, PassedFlags.missed(flags));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-agentlib:jdwp=transport=dt_socket,server=y,suspend=y,address=5005",
                "-agentpath:/opt/libprofiler.so=start,file=profile.html",
                "-Xrunjdwp:transport=dt_socket,server=y,address=5005",
                "-javaagent:agent.jar=8080",
                "-XX:StartFlightRecording",
                "-XX:StartFlightRecording=filename=run.jfr"
            })
    void aDebuggerOrProfilerKeepsItsJvm(String flag) {
        assertEquals(flag, PassedFlags.observer(List.of("-Xmx1g", flag)));
    }

    @Test
    void ordinaryFlagsAreNoObservers() {
        assertNull(PassedFlags.observer(List.of("-Xmx1g", "-Dx=-agentlib:jdwp", "--add-modules=java.sql", "-ea")));
    }

    /** HotSpot lists the flags of such a file as they are written there. */
    @ParameterizedTest
    @CsvSource({
        "+UseSerialGC, -XX:+UseSerialGC",
        "-UsePerfData, -XX:-UsePerfData",
        "MaxHeapSize=64m, -XX:MaxHeapSize=64m"
    })
    void aFlagInAFileOfFlagsIsPassedOnInFull(String flag, String passed) {
        assertEquals(List.of(passed), PassedFlags.of(List.of(flag, "SharedArchiveFile=a.jsa", "-XX:Flags=f.txt")));
    }
}
