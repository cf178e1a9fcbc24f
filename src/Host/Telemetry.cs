using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Tollkeeper.Engine.Ledger;

namespace Tollkeeper.Host;

/// <summary>
/// Metrics and traces over OTLP, sent only where the operator named a collector with the standard variable
/// <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>; the exporter reads the other standard variables itself.
/// </summary>
static class Telemetry
{
    static readonly string[] Meters =
    [
        Bookkeeper.MeterName, "Tollkeeper.Charging", "Tollkeeper.Accounts", "Microsoft.AspNetCore.Hosting",
            "Microsoft.AspNetCore.Server.Kestrel",
        "Npgsql", "System.Runtime",
    ];

    static readonly string[] Sources = ["Microsoft.AspNetCore", "Npgsql", "System.Net.Http"];

    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT"))) return;
        var resource = ResourceBuilder.CreateDefault().AddService("tollkeeper");
        builder.Services.AddSingleton(_ => Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(resource).AddSource(Sources).AddOtlpExporter().Build());
        builder.Services.AddSingleton(_ => Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(resource).AddMeter(Meters).AddOtlpExporter().Build());
        builder.Services.AddHostedService<Sending>();
    }

    /// <summary>Makes both at the start, and sends what is left at the end.</summary>
    sealed class Sending(TracerProvider traces, MeterProvider metrics) : IHostedService
    {
        const int FlushMilliseconds = 1000;

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken)
        {
            traces.ForceFlush(FlushMilliseconds);
            metrics.ForceFlush(FlushMilliseconds);
            return Task.CompletedTask;
        }
    }
}
