using System.Runtime.CompilerServices;
using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.Domain.Features.Counting;
using CustomerSegmentation.Domain.State.Schema;

namespace CustomerSegmentation.Domain.Features.Mix;

/// <summary>Through which channels and devices the customer comes; events that tell neither are left out of the shares.</summary>
internal struct ChannelMix
{
    private const int Channels = 8;
    private const int Devices = 6;

    private ChannelCounts _channels;
    private DeviceCounts _devices;

    public static void Declare(ColumnList columns) => columns.Group("channels")
        .Share("webShare", "Share of events on the web.")
        .Share("mobileAppShare", "Share of events in the app.")
        .Share("emailShare", "Share of events by e-mail.")
        .Share("storeShare", "Share of events in a store.")
        .Share("serviceShare", "Share of events with customer service.")
        .Share("serverShare", "Share of events sent by the shop's servers.")
        .Share("desktopShare", "Share of events on a desktop computer.")
        .Share("mobileShare", "Share of events on a mobile phone.")
        .Share("tabletShare", "Share of events on a tablet.");

    public void Add(Channel channel, DeviceKind device)
    {
        if ((int)channel < Channels)
        {
            _channels[(int)channel]++;
        }

        if ((int)device < Devices)
        {
            _devices[(int)device]++;
        }
    }

    public readonly void Materialize(ref FeatureWriter writer)
    {
        var known = Sum(_channels[1..]);
        for (var channel = Channel.Web; channel <= Channel.Server; channel++)
        {
            writer.AddRatio(_channels[(int)channel], known);
        }

        known = Sum(_devices[1..]);
        for (var device = DeviceKind.Desktop; device <= DeviceKind.Tablet; device++)
        {
            writer.AddRatio(_devices[(int)device], known);
        }
    }

    public readonly MixRecord? ToRecord()
    {
        var record = new MixRecord();
        record.Channels.Add(PackedCounts.Trim(_channels));
        record.Devices.Add(PackedCounts.Trim(_devices));
        return record.Channels.Count == 0 && record.Devices.Count == 0 ? null : record;
    }

    public static ChannelMix FromRecord(MixRecord? record)
    {
        var mix = default(ChannelMix);
        if (record is not null)
        {
            PackedCounts.Restore(record.Channels, mix._channels);
            PackedCounts.Restore(record.Devices, mix._devices);
        }

        return mix;
    }

    private static long Sum(ReadOnlySpan<uint> counts)
    {
        long sum = 0;
        foreach (var count in counts)
        {
            sum += count;
        }

        return sum;
    }

    [InlineArray(Channels)]
    private struct ChannelCounts
    {
        private uint _first;
    }

    [InlineArray(Devices)]
    private struct DeviceCounts
    {
        private uint _first;
    }
}
